// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// Progen is the differential soak: it writes random programs with system
// calls (package gen), rewrites them with this repository's batchfix, and
// compares what original and rewritten program do, with and without calls that
// fail (package soak).
//
//	go run ./internal/progen -n 1000 -seed 1 -faults 5
//
// It needs strace. A run is repeated by its seed; the line "next seed" says
// where the following run goes on, which -resume finds in the figures file. The last line is
// "RESULT progen programs=N faults=N differences=0". The exit status is 0 when
// no difference was found, 1 when one was, 2 when the soak could not run.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/autobatch/autobatch/internal/progen/gen"
	"github.com/autobatch/autobatch/internal/progen/soak"
)

func main() {
	n := flag.Int("n", 200, "`number` of programs")
	seed := flag.Uint64("seed", 1, "`seed` of the first program; the others follow")
	faults := flag.Int("faults", 5, "calls to fail per rewritten program, about `K`")
	jobs := flag.Int("jobs", 2, "processes at a `time`")
	packSize := flag.Int("pack", 100, "`programs` in one binary")
	minutes := flag.Float64("minutes", 0, "begin nothing new after so many `minutes`; 0 means no limit")
	resume := flag.Bool("resume", false, "begin with the seed behind the last one of the runs in -figures")
	figures := flag.String("figures", "", "append the totals to this `file`")
	failures := flag.String("failures", "progen-failures", "write reports about failing programs into this `folder`")
	minimise := flag.Int("minimise", 3, "make so many failing programs smaller, some minutes each")
	work := flag.String("work", "", "keep sources and binaries in this `folder`")
	tags := flag.String("tags", "", "build `tags` of the rewritten programs, such as batchrt_nolinkname")
	rewriter := flag.String("rewriter", "", "`command` to run in the programs' module instead of this repository's batchfix")
	kinds := flag.Bool("kinds", false, "list how often each system call was made")
	refused := flag.Bool("refused", false, "list the batches that the validator took back, and why")
	self := flag.Bool("self", false, "rewrite nothing: compare the programs with themselves, to test the generator")
	show := flag.Bool("print", false, "print the program of -seed and stop")
	flag.Parse()
	if flag.NArg() > 0 {
		fatal(fmt.Errorf("unexpected argument %q: everything is said by flags", flag.Arg(0)))
	}
	if *resume {
		var err error
		if *seed, err = nextSeed(*figures); err != nil {
			fatal(err)
		}
	}
	if *show {
		fmt.Print(gen.Generate(*seed))
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	root, err := soak.Root(".")
	if err != nil {
		fatal(err)
	}
	tool, err := os.MkdirTemp("", "progen-tool-")
	if err != nil {
		fatal(err)
	}
	defer os.RemoveAll(tool)
	rw := soak.Rewriter{Args: strings.Fields(*rewriter), Tags: *tags}
	if len(rw.Args) == 0 && !*self {
		if rw.Args, err = soak.Batchfix(ctx, root, tool); err != nil {
			os.RemoveAll(tool)
			fatal(err)
		}
	}
	t, err := soak.Run(ctx, soak.Options{
		Root: root, Seed: *seed, N: *n, Faults: *faults, Pack: *packSize, Jobs: *jobs,
		Limit: time.Duration(*minutes * float64(time.Minute)), Work: *work, Rewriter: rw,
		Minimise: *minimise, Failures: *failures, Out: os.Stderr,
	})
	os.RemoveAll(tool)
	if err != nil {
		fatal(err)
	}
	report(t, *failures)
	if *kinds {
		for _, k := range slices.Sorted(maps.Keys(t.Kinds)) {
			fmt.Printf("%7d %s\n", t.Kinds[k], k)
		}
	}
	if *refused {
		for _, r := range t.Refused {
			fmt.Println(r)
		}
	}
	if *figures != "" {
		if err := appendFigures(*figures, root, t); err != nil {
			fatal(err)
		}
	}
	fmt.Printf("RESULT progen programs=%d faults=%d differences=%d\n", t.Programs, t.Faults, len(t.Failures))
	if len(t.Failures) > 0 {
		os.Exit(1)
	}
}

func report(t *soak.Totals, folder string) {
	for _, f := range t.Failures {
		if f.Program == nil {
			fmt.Printf("FAIL %s: %s\n", f.Kind, f.Detail)
		} else {
			fmt.Printf("FAIL seed %d: %s %s\n", f.Program.Seed, f.Kind, strings.Join(f.Inject, " "))
		}
	}
	if len(t.Failures) > 0 {
		fmt.Printf("reports are in %s\n", folder)
	}
	seconds := t.Took.Seconds()
	fmt.Printf("%d programs (%.1f/s), %d rewritten with %d batches (%d more taken back), %d faults (%.1f/s), %d comparisons said nothing, %.0f s\n",
		t.Programs, float64(t.Programs)/seconds, t.Rewritten, t.Batches, len(t.Refused), t.Faults, float64(t.Faults)/seconds, t.Flaky, seconds)
	fmt.Printf("%d calls of %d kinds in undisturbed originals, %d failed\n", t.Calls, len(t.Kinds), t.Failed)
	fmt.Printf("next seed %d\n", t.Next)
}

// nextSeed is the seed behind all that the figures file tells of.
func nextSeed(file string) (uint64, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	next := uint64(1)
	for line := range strings.Lines(string(data)) {
		f := strings.Fields(line)
		if strings.HasPrefix(line, "#") || len(f) < 3 {
			continue
		}
		_, last, _ := strings.Cut(f[2], "-")
		n, err := strconv.ParseUint(last, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("%s: %q is no run: %w", file, line, err)
		}
		next = max(next, n+1)
	}
	return next, nil
}

// appendFigures adds one line to the figures file.
func appendFigures(file, root string, t *soak.Totals) error {
	commit := "unknown"
	cmd := exec.Command("git", "describe", "--always", "--dirty=+")
	cmd.Dir = root
	if out, err := cmd.Output(); err == nil {
		commit = strings.TrimSpace(string(out))
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	line := ""
	if info, err := f.Stat(); err == nil && info.Size() == 0 {
		line = "# Runs of go run ./internal/progen; each line can be repeated by its seeds.\n" +
			"# date commit seeds programs rewritten batches faults differences seconds | command\n"
	}
	line += fmt.Sprintf("%s %s %d-%d programs=%d rewritten=%d batches=%d faults=%d differences=%d seconds=%.0f | progen %s\n",
		time.Now().UTC().Format("2006-01-02"), commit, t.Seed, t.Next-1, t.Programs, t.Rewritten, t.Batches, t.Faults,
		len(t.Failures), t.Took.Seconds(), strings.Join(os.Args[1:], " "))
	_, err = f.WriteString(line)
	return errors.Join(err, f.Close())
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "progen:", err)
	os.Exit(2)
}
