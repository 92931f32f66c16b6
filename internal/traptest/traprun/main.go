// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// Traprun runs the trap programs by hand:
//
//	go run ./internal/traptest/traprun -module testdata/traps [flags] batchfix -w -batchrt /path/to/batchrt ./...
//
// What follows the flags is the command line of the rewriter, which runs in
// the root of a copy of the module. Without one nothing is rewritten and every
// original is compared with itself. The exit status is 0 when nothing failed,
// 1 when something did, 2 when the suite could not run.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"

	"github.com/autobatch/autobatch/internal/traptest"
)

func main() {
	module := flag.String("module", "testdata/traps", "folder of the programs' `module`")
	work := flag.String("work", "", "keep sources, binaries and traces in this `folder`")
	sel := flag.String("run", "", "only programs whose name matches this `regexp`")
	faults := flag.Int("faults", 0, "make `n` calls of each program fail, one per run; -1 means every call")
	rounds := flag.Int("rounds", 1, "compare each program `n` times")
	again := flag.Bool("again", false, "run the rewriter twice and demand no further change")
	verbose := flag.Bool("v", false, "print every program and every source diff")
	parallel := flag.Int("p", 2, "programs at a time")
	flag.Parse()

	opt := traptest.Options{Module: *module, Work: *work, Parallel: *parallel}
	job := traptest.Job{
		Rewriter: traptest.Rewriter{Args: flag.Args()},
		RunAll:   flag.NArg() == 0,
		Rounds:   *rounds,
		Again:    *again,
	}
	if *sel != "" {
		re, err := regexp.Compile(*sel)
		if err != nil {
			fatal(err)
		}
		opt.Select = re
	}
	if *faults != 0 {
		job.Faults = &traptest.FaultPlan{Max: max(*faults, 0)}
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	s, err := traptest.Open(ctx, opt)
	if err != nil {
		fatal(err)
	}
	rep, err := s.Run(ctx, job)
	if err2 := s.Close(); err == nil {
		err = err2
	}
	if err != nil {
		fatal(err)
	}
	rep.Write(os.Stdout, *verbose)
	if rep.Failed() {
		stop()
		os.Exit(1)
	}
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "traprun:", err)
	os.Exit(2)
}
