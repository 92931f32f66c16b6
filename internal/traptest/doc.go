// SPDX-License-Identifier: BSD-3-Clause

// Package traptest runs the trap programs of testdata/traps: small programs
// which a sound rewriter of system calls must not break.
//
// A [Suite] builds the original programs once. [Suite.Run] copies the module,
// lets a rewriter (any command line) loose on the copy, builds what came out,
// and runs original and rewritten under strace. Both must make the same system
// calls with the same arguments and results in the same order, print the same,
// and end the same way. Along the way the rewritten source must build, vet,
// stay gofmt-clean, keep every comment, and leave generated files alone.
//
// # What is compared
//
// Only calls between a program's begin and end markers count, and only those
// of the thread that set the marker: the helper package trap of the programs
// ties the goroutine to its thread and makes a readlink of a name that does not
// exist ("trap:begin:main"). Each name is a lane with its own ordered list.
// Calls that the Go run-time system makes for itself (futex, anonymous mmap,
// new threads, ...) are dropped; addresses, process ids, pipe numbers and
// descriptor numbers are replaced by names given in order of first use.
//
// # Faults
//
// With a [FaultPlan] each program runs again once per chosen call with that
// call failing with a given errno (strace --inject). strace counts the calls
// of one name on one thread; since the marked goroutine never leaves its
// thread, the count is taken from the undisturbed run of the same binary, so
// calls that only one of the two binaries makes before its markers do not
// shift it.
//
// Everything but this page needs Linux and strace.
package traptest
