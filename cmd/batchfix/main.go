// SPDX-License-Identifier: BSD-3-Clause

// Batchfix finds system calls that can share one kernel crossing, and
// rewrites Go packages so that they do.
//
//	batchfix [-w | -d | -l] [flags] packages
//
// Without a mode it reports: one line for each group of calls. With -explain
// also what stands in the way of each that was nearly found.
//
// With -w the sources are rewritten, and where the module does not require
// github.com/autobatch/autobatch/batchrt yet, go.mod and go.sum get the
// requirement, provided that it changes no go, toolchain or godebug line and
// no selected version (-upgrade lifts that). Everything is type-checked first,
// and changes together or not at all. A package that cannot be handled is
// reported and left as it is; the others are rewritten.
//
// Only files of the main module are rewritten; generated files and files that
// import "C" never are.
//
// Exit status: 0 done (whether or not something was found), 1 a package could
// not be handled or something failed, 2 wrong usage, 3 something could be
// batched (with -check only).
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// Exit statuses.
const (
	exitDone  = 0
	exitError = 1
	exitUsage = 2
	exitFound = 3
)

func main() { os.Exit(mainStatus()) }

func mainStatus() int {
	// A signal ends the work at the next step, never between two renames.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return run(ctx, os.Args[1:], os.Stdout, os.Stderr)
}
