// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/autobatch/autobatch/internal/progen/soak"
	"github.com/autobatch/autobatch/internal/traptest"
)

var (
	seedFlag     = flag.Uint64("seed", 1, "seed of the first program")
	programsFlag = flag.Int("programs", 0, "programs; 0 means 200, or 40 with -short")
	faultsFlag   = flag.Int("faults", 3, "calls to fail per program")
)

// fakeVar makes the test binary act as a rewriter; its value names the crime.
const fakeVar = "PROGEN_FAKE"

func TestMain(m *testing.M) {
	if crime, ok := os.LookupEnv(fakeVar); ok {
		if err := fake(crime); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// logWriter sends progress to the test's log.
type logWriter struct{ t *testing.T }

func (w logWriter) Write(b []byte) (int, error) {
	w.t.Log(strings.TrimRight(string(b), "\n"))
	return len(b), nil
}

func run(t *testing.T, opt soak.Options) *soak.Totals {
	t.Helper()
	var err error
	if opt.Root, err = soak.Root("."); err != nil {
		t.Fatal(err)
	}
	opt.Out, opt.UserCache = logWriter{t}, true
	totals, err := soak.Run(context.Background(), opt)
	if errors.Is(err, traptest.ErrNoStrace) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return totals
}

// TestSoak is a small soak with this repository's rewriter.
func TestSoak(t *testing.T) {
	root, err := soak.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	args, err := soak.Batchfix(context.Background(), root, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	n := *programsFlag
	if n == 0 {
		n = 200
		if testing.Short() {
			n = 40
		}
	}
	totals := run(t, soak.Options{Seed: *seedFlag, N: n, Faults: *faultsFlag, Pack: 100, Rewriter: soak.Rewriter{Args: args}})
	for _, f := range totals.Failures {
		t.Errorf("a program changed its behaviour:\n%s", f.Write())
	}
	if totals.Programs != n {
		t.Errorf("%d programs, want %d", totals.Programs, n)
	}
	if totals.Rewritten < n/2 || totals.Batches < n {
		t.Errorf("%d programs rewritten with %d batches: the generator no longer writes what is batched", totals.Rewritten, totals.Batches)
	}
	if totals.Faults < n {
		t.Errorf("only %d faults struck", totals.Faults)
	}
	if totals.Flaky*50 > totals.Faults {
		t.Errorf("%d comparisons said nothing", totals.Flaky)
	}
	t.Logf("RESULT progen programs=%d faults=%d differences=%d", totals.Programs, totals.Faults, len(totals.Failures))
}

// TestResume finds the seed behind the last run.
func TestResume(t *testing.T) {
	file := t.TempDir() + "/figures"
	const text = "# runs\n2026-01-01 abc 10-19 programs=10 | x\n2026-01-01 abc 5-6 programs=2 | x\n# remark\n"
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if n, err := nextSeed(file); n != 20 || err != nil {
		t.Errorf("next seed %d, error %v", n, err)
	}
	if _, err := nextSeed(file + "-none"); err == nil {
		t.Error("no error for a file that is not there")
	}
}

// TestSame compares programs with themselves: what they do must not depend on
// chance, whether calls fail or not.
func TestSame(t *testing.T) {
	totals := run(t, soak.Options{Seed: *seedFlag + 5000, N: 40, Faults: 8, Pack: 40})
	if totals.Programs != 40 || totals.Faults < 40 {
		t.Errorf("%d programs and %d faults, want 40 of each", totals.Programs, totals.Faults)
	}
	// Now and then the run-time system makes a call of its own on the program's
	// thread, and is hit in the program's place. A program that depends on chance
	// shows in each of its comparisons.
	if totals.Flaky*50 > totals.Faults || len(totals.Failures) > 0 {
		t.Errorf("%d comparisons of %d differ", totals.Flaky+len(totals.Failures), totals.Faults)
	}
}

// TestCatches lets rewriters that do harm loose on the programs.
func TestCatches(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	crimes := []struct {
		crime  string
		faults int
		least  int // programs out of 20 (12) in which it must be seen
	}{
		{"swap", 0, 5},        // two neighbouring calls change places
		{"ignore", 6, 8},      // what is done about an error is not done: seen when calls fail
		{"destination", 0, 4}, // attributes go to another variable
	}
	for i, c := range crimes {
		t.Run(c.crime, func(t *testing.T) {
			if testing.Short() && i > 0 {
				t.Skip("-short")
			}
			minimise, n := 0, 20
			if i == 0 {
				minimise, n = 1, 12
			}
			totals := run(t, soak.Options{Seed: 9000, N: n, Faults: c.faults, Minimise: minimise, MinimiseLimit: 30 * time.Second,
				Rewriter: soak.Rewriter{Args: []string{exe}, Env: []string{fakeVar + "=" + c.crime}}})
			seen := 0
			for _, f := range totals.Failures {
				if f.Kind == "difference" {
					seen++
				}
			}
			t.Logf("seen in %d of %d programs", seen, totals.Rewritten)
			if seen < c.least {
				t.Errorf("seen in %d programs, want %d", seen, c.least)
			}
			if minimise == 0 || len(totals.Failures) == 0 {
				return
			}
			f := totals.Failures[0]
			if f.Minimal == nil {
				t.Fatal("the failing program was not made smaller")
			}
			was, is := strings.Count(f.Program.Source, "\n"), strings.Count(f.Minimal.Program.Source, "\n")
			if is*2 > was {
				t.Errorf("%d lines are left of %d:\n%s", is, was, f.Minimal.Program.Source)
			}
			t.Logf("made smaller: %d lines to %d\n%s", was, is, f.Minimal.Write())
		})
	}
}
