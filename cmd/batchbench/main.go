// SPDX-License-Identifier: BSD-3-Clause

// Command batchbench compares batches with the plain calls they stand for, on
// this machine, building the batch included, and prints one table.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/autobatch/autobatch/batchrt"
	"github.com/autobatch/autobatch/cmd/batchbench/pairs"
)

func must[T any](f func() (T, error)) func() {
	return func() {
		if _, err := f(); err != nil {
			panic(err)
		}
	}
}

func check(f func() error) func() {
	return func() {
		if err := f(); err != nil {
			panic(err)
		}
	}
}

var cases = []benchCase{
	{"1 x fstat", 1.02, must(fstat1), must(fstat1Batch)},
	{"2 x fstat", 0.98, must(fstat2), must(fstat2Batch)},
	{"4 x fstat", 0.90, must(fstat4), must(fstat4Batch)},
	{"8 x fstat", 0.88, check(fstat8), check(fstat8Batch)},
	{"5 x setsockopt", 0.92, check(sockopt5), check(sockopt5Batch)},
	{"2 x lstat", 0.98, must(lstat2), must(lstat2Batch)},
	{"3 x lstat", 0.90, must(lstat3), must(lstat3Batch)},
	{"8 x lstat", 0.87, check(lstat8), check(lstat8Batch)},
	{"8 x pread", 0.90, check(pread8), check(pread8Batch)},
	{"open fstat read close", 0.95, check(chain), check(chainBatch)},
	{"64 x lstat in strips", 0.91, check(lstat64), check(lstat64Batch)},
}

func main() {
	n := flag.Int("pairs", 1000, "`number` of pairs of slices per row")
	only := flag.String("run", "", "rows whose name contains `text`")
	flag.Parse()
	if err := run(*n, *only); err != nil {
		fmt.Fprintln(os.Stderr, "batchbench:", err)
		os.Exit(1)
	}
}

func run(n int, only string) error {
	dir, err := os.MkdirTemp("", "batchbench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for i := range paths {
		paths[i] = filepath.Join(dir, fmt.Sprintf("f%d", i))
		if err := os.WriteFile(paths[i], make([]byte, 4096), 0o600); err != nil {
			return err
		}
	}
	path = paths[0]
	if fd, err = unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0); err != nil {
		return err
	}
	defer unix.Close(fd)
	if sock, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0); err != nil {
		return err
	}
	defer unix.Close(sock)

	fmt.Printf("executor %s, %d pairs of 1 ms slices per row\n\n", batchrt.Executor(), n)
	fmt.Printf("%-24s %9s %6s %7s %6s %6s  %s\n", "", "ns before", "ratio", "spread", "self", "allocs", "goal")
	for _, c := range cases {
		if !strings.Contains(c.name, only) {
			continue
		}
		r := pairs.Compare(c.original, c.changed, pairs.Options{Pairs: n})
		verdict := "met"
		switch {
		case r.Void():
			verdict = "void: the machine was too restless"
		case r.Ratio > c.goal:
			verdict = "missed"
		}
		fmt.Printf("%-24s %9.0f %6.3f %7.3f %6.3f %6.0f  %.2f %s\n", c.name, r.NS, r.Ratio, r.Spread, r.Self,
			testing.AllocsPerRun(100, c.changed), c.goal, verdict)
	}
	return nil
}
