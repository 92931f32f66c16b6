// SPDX-License-Identifier: BSD-3-Clause

//go:build demo

// Compare runs package restore as it was written and as batchfix rewrote it
// (package batched, which make demo makes from restore) side by side.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/autobatch/autobatch/batchrt"
	"golang.org/x/sys/unix"

	"examples.example/examples/batched"
	"examples.example/examples/measure"
	"examples.example/examples/restore"
)

const files = 64

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func run() error {
	dir, err := os.MkdirTemp("", "compare")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var plain []restore.Entry
	var batch []batched.Entry
	for i := range files {
		path := filepath.Join(dir, fmt.Sprintf("file%02d", i))
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			return err
		}
		at := unix.Timespec{Sec: int64(1000000000 + i)}
		e := restore.Entry{Path: path, UID: os.Getuid(), GID: os.Getgid(), Mode: 0o640, Times: [2]unix.Timespec{at, at}}
		plain, batch = append(plain, e), append(batch, batched.Entry(e))
	}
	var failed error
	note := func(err error) {
		if err != nil {
			failed = err
		}
	}
	before := batchrt.Counters()
	for i := range batch {
		note(batched.Apply(&batch[i]))
	}
	after := batchrt.Counters()
	calls, batches := after.Entries-before.Entries, after.Batches-before.Batches
	fmt.Printf("executor                  %s\n", batchrt.Executor())
	fmt.Printf("system calls              %5d before, %5d after\n", 3*files, calls)
	fmt.Printf("scheduler hand-shakes     %5d before, %5d after\n", 3*files, batches)
	if saved := after.Saved - before.Saved; saved > 0 {
		fmt.Printf("kernel crossings          %5d before, %5d after\n", 3*files, calls-saved)
	}
	i, j := 0, 0
	ratio, null := measure.Ratios(
		func() { note(restore.Apply(&plain[i%files])); i++ },
		func() { note(batched.Apply(&batch[j%files])); j++ },
		1500)
	fmt.Printf("original/original %.3f (the measurement is void when that is off by more than 0.02)\n", null)
	fmt.Printf("ratio %.2f\n", ratio)
	return failed
}
