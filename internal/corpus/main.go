// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/mod/modfile"
)

// corpus is one run of the command.
type corpus struct {
	root     string // of this repository
	work     string // where the copies are made
	batchfix string // path of the program under test
	ports    []string
	list     bool // show every group and every near miss

	sitesOnly bool   // stop after the comparison with the list of sites
	baseline  string // commit whose tool is asked too, or ""
	firstTool string // path of its batchfix
	noTests   bool
	out, log  io.Writer
	logMu     sync.Mutex
	start     time.Time
}

func main() {
	if os.Getenv(inNamespace) != "" {
		enter(os.Args[1:])
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:])
	stop()
	os.Exit(status)
}

func run(ctx context.Context, args []string) int {
	c := &corpus{out: os.Stdout, log: os.Stderr, start: time.Now()}
	fs := flag.NewFlagSet("corpus", flag.ContinueOnError)
	work := fs.String("work", "", "`directory` for the copies, which is emptied (default: one in the user's cache directory)")
	keep := fs.Bool("keep", false, "leave the copies behind")
	update := fs.Bool("update", false, "write the tables into docs/corpus.md")
	check := fs.Bool("check", false, "fail when the counts in docs/corpus.md are not what was found")
	fs.StringVar(&c.batchfix, "batchfix", "", "`program` to try instead of this tree's batchfix")
	fs.BoolVar(&c.list, "list", false, "print every group and every near miss")
	fs.BoolVar(&c.noTests, "notests", false, "do not run the modules' tests")
	fs.BoolVar(&c.sitesOnly, "sites", false, "only compare the tool with the list of sites, and print them")
	strict := fs.Bool("strict", false, "fail when a listed site is neither rewritten nor refused for a listed reason")
	fs.StringVar(&c.baseline, "baseline", "", "ask the tool of another `commit` about the sites too")
	at := fs.Int("j", 2, "`modules` to work on at the same time")
	ports := fs.String("ports", "linux/arm64,linux/386,darwin/arm64,freebsd/amd64", "other `systems` to compile the changed packages for")
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	for p := range strings.SplitSeq(*ports, ",") {
		if p != "" {
			c.ports = append(c.ports, p)
		}
	}
	if (*update || *check) && fs.NArg() > 0 {
		fmt.Fprintln(c.log, "corpus: -update and -check are about all modules: name none")
		return 2
	}
	results, err := c.all(ctx, *work, *keep, max(*at, 1), fs.Args())
	if err != nil {
		fmt.Fprintf(c.log, "corpus: %v\n", err)
		return 1
	}
	status := 0
	if c.sitesOnly {
		for _, r := range byPath(results) {
			r.printSites(c)
		}
	} else {
		fmt.Fprintf(c.out, "\n%s\n%s", countTable(results), testTable(results))
	}
	fmt.Fprintf(c.out, "\n%s", siteTables(results))
	if c.baseline != "" {
		fmt.Fprintf(c.out, "\n%s", firstLine(c.baseline, results))
	}
	if n := unsettled(results); *strict && n > 0 {
		fmt.Fprintf(c.out, "FAIL: %d listed sites are neither rewritten nor refused for a listed reason\n", n)
		status = 1
	}
	for _, r := range results {
		for _, n := range r.Notes {
			fmt.Fprintf(c.out, "note: %s: %s\n", r.Path, n)
		}
	}
	for _, r := range results {
		for _, p := range r.Problems {
			fmt.Fprintf(c.out, "FAIL: %s: %s\n", r.Path, strings.ReplaceAll(p, "\n", "\n\t"))
			status = 1
		}
	}
	if c.sitesOnly {
		return status
	}
	page := filepath.Join(c.root, "docs", "corpus.md")
	switch stale, err := updatePage(page, results, c.baseline, *update); {
	case err != nil:
		fmt.Fprintf(c.log, "corpus: %v\n", err)
		status = 1
	case stale && fs.NArg() == 0:
		fmt.Fprintf(c.out, "%s is not up to date: go run ./internal/corpus -update\n", page)
		if *check {
			status = 1
		}
	}
	fmt.Fprintf(c.out, "corpus: %d modules in %s\n", len(results), time.Since(c.start).Round(time.Second))
	return status
}

// all works on every module, or on those that were named by a part of their path.
func (c *corpus) all(ctx context.Context, work string, keep bool, at int, only []string) ([]*result, error) {
	var err error
	if c.root, err = findRoot(); err != nil {
		return nil, err
	}
	unlock, err := c.openWork(work)
	if err != nil {
		return nil, err
	}
	defer unlock()
	defer func() {
		if !keep {
			os.RemoveAll(c.work)
		}
	}()
	modules, err := c.fetch(ctx, only)
	if err != nil {
		return nil, err
	}
	if c.batchfix == "" {
		c.batchfix = filepath.Join(c.work, "bin", "batchfix")
		if out, err := c.command(ctx, c.root, nil, "go", "build", "-o", c.batchfix, "./cmd/batchfix"); err != nil {
			return nil, fmt.Errorf("building batchfix: %w\n%s", err, out)
		}
	} else if c.batchfix, err = filepath.Abs(c.batchfix); err != nil {
		return nil, err
	}
	if err := c.buildBaseline(ctx); err != nil {
		return nil, err
	}
	results := make([]*result, len(modules))
	next := make(chan int)
	var wg sync.WaitGroup
	for range at {
		wg.Go(func() {
			for i := range next {
				results[i] = c.module(ctx, modules[i])
			}
		})
	}
	for i := range modules {
		next <- i
	}
	close(next)
	wg.Wait()
	if ctx.Err() != nil {
		return nil, errors.New("interrupted")
	}
	return results, nil
}

// findRoot is the directory of this repository: the working directory or one
// above it.
func findRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for d := dir; ; d = filepath.Dir(d) {
		if data, err := os.ReadFile(filepath.Join(d, "go.mod")); err == nil && modfile.ModulePath(data) == "github.com/autobatch/autobatch" {
			return d, nil
		}
		if d == filepath.Dir(d) {
			return "", fmt.Errorf("%s does not lie in the autobatch repository: change into it", dir)
		}
	}
}

// openWork empties the directory for the copies. By default it is the same
// one in every run, since the compiler's cache knows packages by their place.
func (c *corpus) openWork(dir string) (unlock func(), err error) {
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			base = os.TempDir()
		}
		dir = filepath.Join(base, "autobatch-corpus")
	}
	if c.work, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	if rel, err := filepath.Rel(c.root, c.work); err == nil && filepath.IsLocal(rel) {
		return nil, fmt.Errorf("%s lies in the repository: name a -work directory outside of it", c.work)
	}
	// What this program did not make it does not empty.
	mark := filepath.Join(c.work, ".autobatch-corpus")
	if old, err := os.ReadDir(c.work); err == nil && len(old) > 0 {
		if _, err := os.Stat(mark); err != nil {
			return nil, fmt.Errorf("%s holds something else: name an empty -work directory", c.work)
		}
	}
	if err := os.MkdirAll(c.work, 0o700); err != nil {
		return nil, err
	}
	if unlock, err = lock(mark); err != nil {
		return nil, fmt.Errorf("another run works in %s (%w): wait for it, or name another -work directory", c.work, err)
	}
	old, err := os.ReadDir(c.work)
	if err != nil {
		return nil, err
	}
	for _, e := range old {
		if e.Name() != filepath.Base(mark) {
			if err := os.RemoveAll(filepath.Join(c.work, e.Name())); err != nil {
				return nil, err
			}
		}
	}
	return unlock, nil
}

// say reports progress.
func (c *corpus) say(m *module, format string, args ...any) {
	c.logMu.Lock()
	defer c.logMu.Unlock()
	fmt.Fprintf(c.log, "%4.0fs %-20s %s\n", time.Since(c.start).Seconds(), filepath.Base(m.copy), fmt.Sprintf(format, args...))
}
