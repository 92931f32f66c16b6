// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/autobatch/autobatch/analyzer"
	"github.com/autobatch/autobatch/internal/driver"
	"github.com/autobatch/autobatch/internal/gomod"
	"github.com/autobatch/autobatch/plan"
)

// command is one run of batchfix.
type command struct {
	*options
	ctx            context.Context
	stdout, stderr io.Writer
	progress       *progress
	env            *gomod.Env
	heat           *heat // of -pgo
	analyzer       *analysis.Analyzer
	failed         bool // something was reported that makes the exit status 1
}

// run is the program without its process: it returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usageText)
		return exitDone
	case err != nil:
		return exitUsage
	case o.version:
		fmt.Fprintln(stdout, "batchfix", ownVersion())
		return exitDone
	}
	c := &command{options: o, ctx: ctx, stdout: stdout, stderr: stderr, progress: newProgress(stderr)}
	defer c.progress.clear()
	if c.pgo != "" {
		if c.heat, err = readHeat(c.pgo); err != nil {
			return c.fail("-pgo: %v", err)
		}
	}
	if c.analyzer, err = analyzer.New(c.analysis()); err != nil {
		return c.fail("%v", err)
	}
	if c.env, err = gomod.Open(ctx, o.dir, nil); err != nil {
		return c.fail("%v", err)
	}
	prog, err := c.load("")
	if err != nil {
		return c.fail("%v", err)
	}
	c.mistakes(prog)
	found := c.found(prog)
	if c.write || c.diff || c.list {
		if c.explain {
			c.explainTo(stderr, prog, false)
		}
		c.rewrite(prog)
	} else {
		c.explainTo(stdout, prog, true)
	}
	switch {
	case c.failed:
		return exitError
	case c.check && found:
		return exitFound
	}
	return exitDone
}

// analysis are the options of the analyzer.
func (c *command) analysis() analyzer.Options {
	o := analyzer.Options{Min: c.min, Assume: c.assume}
	if c.heat != nil && c.hot > 0 {
		o.Only = func(r *plan.Region) bool { return c.heat.of(r) >= c.hot }
	}
	return o
}

// mistakes reports what authors asked for and cannot have.
func (c *command) mistakes(prog *driver.Program) {
	for _, u := range prog.Units {
		for _, f := range u.Files {
			for _, r := range f.Remarks {
				if r.Error {
					r.Pos.Filename = c.rel(r.Pos.Filename)
					c.complain("%s: %s", r.Pos, r.Text)
				}
			}
		}
	}
}

// load loads and analyses the packages, with the flag -modfile=... if there is
// one, and reports those that have problems.
func (c *command) load(modfile string) (*driver.Program, error) {
	prog, err := driver.Load(c.ctx, c.config(modfile), c.patterns)
	if err != nil {
		return nil, err
	}
	for _, p := range prog.Problems {
		c.complain("%s is left as it is:\n\t%s", p.Path, c.short(p.Msgs))
	}
	return prog, nil
}

func (c *command) config(modfile string) driver.Config {
	flags := c.env.BuildFlags()
	if modfile != "" {
		flags = append(flags, modfile)
	}
	if c.tags != "" {
		flags = append(flags, "-tags="+c.tags)
	}
	return driver.Config{
		Dir:          c.dir,
		BuildFlags:   flags,
		Tests:        c.tests,
		Analyzer:     c.analyzer,
		FactPackages: []string{"golang.org/x/sys/unix", "syscall"},
		Progress:     c.progress.show,
	}
}

// complain reports something that makes the exit status 1.
func (c *command) complain(format string, args ...any) {
	c.failed = true
	c.note(format, args...)
}

// note says something on standard error.
func (c *command) note(format string, args ...any) {
	c.progress.clear()
	fmt.Fprintf(c.stderr, "batchfix: "+format+"\n", args...)
}

func (c *command) fail(format string, args ...any) int {
	c.complain(format, args...)
	return exitError
}

// rel shortens a path for people: relative to the working directory if it
// lies below it.
func (c *command) rel(path string) string {
	if r, err := filepath.Rel(c.dir, path); err == nil && !strings.HasPrefix(r, "..") {
		return r
	}
	return path
}

// short joins messages, indented, with the names of files in them shortened.
func (c *command) short(msgs []string) string {
	return indent(strings.ReplaceAll(strings.Join(msgs, "\n"), c.dir+string(filepath.Separator), ""))
}

func indent(s string) string { return strings.ReplaceAll(s, "\n", "\n\t") }
