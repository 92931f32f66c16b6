// SPDX-License-Identifier: BSD-3-Clause

//go:build bench

// Bench compares rounds of the example programs as they were written with
// rounds of what batchfix made of them. It is built in a copy of this module that
// has both (make bench-examples).
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/autobatch/autobatch/batchrt"

	closefds2 "examples.example/examples/batched/closefds"
	copymeta2 "examples.example/examples/batched/copymeta"
	lstatargv2 "examples.example/examples/batched/lstatargv"
	mdu2 "examples.example/examples/batched/mdu"
	pathsearch2 "examples.example/examples/batched/pathsearch"
	patterns2 "examples.example/examples/batched/patterns"
	statxargv2 "examples.example/examples/batched/statxargv"
	total2 "examples.example/examples/batched/total"
	"examples.example/examples/measure"
	closefds1 "examples.example/examples/original/closefds"
	copymeta1 "examples.example/examples/original/copymeta"
	lstatargv1 "examples.example/examples/original/lstatargv"
	mdu1 "examples.example/examples/original/mdu"
	pathsearch1 "examples.example/examples/original/pathsearch"
	patterns1 "examples.example/examples/original/patterns"
	statxargv1 "examples.example/examples/original/statxargv"
	total1 "examples.example/examples/original/total"
	"examples.example/examples/pairs"
)

// bench prepares the rounds of a program in an empty folder.
type bench func(dir string) ([]measure.Round, error)

var programs = []struct {
	name              string
	original, batched bench
}{
	{"mdu", mdu1.Bench, mdu2.Bench},
	{"total", total1.Bench, total2.Bench},
	{"pathsearch", pathsearch1.Bench, pathsearch2.Bench},
	{"lstatargv", lstatargv1.Bench, lstatargv2.Bench},
	{"statxargv", statxargv1.Bench, statxargv2.Bench},
	{"closefds", closefds1.Bench, closefds2.Bench},
	{"copymeta", copymeta1.Bench, copymeta2.Bench},
	{"patterns", patterns1.Bench, patterns2.Bench},
}

func main() {
	n := flag.Int("pairs", 1000, "`number` of pairs of slices for each row")
	only := flag.String("run", "", "only rows that match the regular `expression`")
	flag.Parse()
	re, err := regexp.Compile(*only)
	if err == nil {
		err = run(*n, re)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(n int, only *regexp.Regexp) error {
	dir, err := os.MkdirTemp("", "examples")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Printf("executor %s, %d pairs of 1 ms slices for each row\n\n", batchrt.Executor(), n)
	fmt.Printf("%-54s %9s %6s %7s %6s %9s  %s\n", "", "ns before", "ratio", "spread", "self", "allocs", "goal")
	for _, p := range programs {
		before, err := rounds(p.original, filepath.Join(dir, p.name+"1"))
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		after, err := rounds(p.batched, filepath.Join(dir, p.name+"2"))
		if err != nil {
			return fmt.Errorf("%s, rewritten: %w", p.name, err)
		}
		for i := range before {
			if name := p.name + ", " + before[i].Name; only.MatchString(name) {
				if err := row(name, before[i], after[i], n); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
			}
		}
	}
	return nil
}

func rounds(b bench, dir string) ([]measure.Round, error) {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	return b(dir)
}

// tries is how often a row is measured whose original differs too much from
// itself.
const tries = 3

func row(name string, before, after measure.Round, n int) error {
	var failed error
	work := func(r measure.Round) func() {
		return func() {
			if err := r.Work(); err != nil {
				failed = err
			}
		}
	}
	// Both must do what they should, and the rewritten one must run batches.
	batchrt.Counters()
	c := batchrt.Counters()
	work(after)()
	if batchrt.Counters().Batches == c.Batches {
		return fmt.Errorf("no batch ran")
	}
	var r pairs.Result
	for range tries {
		r = pairs.Compare(work(before), work(after), pairs.Options{Pairs: n})
		if failed != nil {
			return failed
		}
		if !r.Void() {
			break
		}
	}
	goal := ""
	if before.Goal > 0 {
		goal = fmt.Sprintf("%.2f", before.Goal)
	}
	switch {
	case r.Void():
		goal += " void: the machine was too restless"
	case before.Goal > 0 && r.Ratio > before.Goal:
		goal += " missed"
	case before.Goal > 0:
		goal += " met"
	}
	fmt.Printf("%-54s %9.0f %6.3f %7.3f %6.3f %4.0f→%-4.0f  %s\n", name, r.NS, r.Ratio, r.Spread, r.Self,
		testing.AllocsPerRun(20, work(before)), testing.AllocsPerRun(20, work(after)), goal)
	return nil
}
