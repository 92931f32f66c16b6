// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64)

package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/autobatch/autobatch/batchrt"
)

// runChild runs programs and prints a line for each: its number and a digest
// of everything that it did.
func runChild(executor string, seed, n int64, show bool) error {
	want := map[string]string{"reference": batchrt.Executor(), "fake": "module"}[executor]
	if want == "" {
		want = executor
	}
	if got := batchrt.Executor(); got != want {
		return fmt.Errorf("this binary's executor is %s, not %s", got, want)
	}
	// The same name in each child, for getcwd.
	dir, err := filepath.Abs("w")
	if err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	// The runtime opens its own descriptors on first use of the poller.
	if f, err := os.Open("/dev/null"); err == nil {
		f.Close()
	}
	keep, err := openFDs()
	if err != nil {
		return err
	}
	for i := seed; i < seed+n; i++ {
		rearm()
		p := newProgram(i)
		w, err := newWorld(filepath.Join(dir, "world"), len(p.steps))
		if err != nil {
			return fmt.Errorf("program %d: %v", i, err)
		}
		var text string
		if executor == "reference" {
			text = runReference(p, w)
		} else {
			text = runBatch(p, w)
		}
		text += w.state()
		if show {
			fmt.Println(text)
		} else {
			fmt.Printf("%d %x\n", i, sha256.Sum256([]byte(text)))
		}
		if err := w.clear(keep); err != nil {
			return fmt.Errorf("program %d: %v", i, err)
		}
	}
	return nil
}

// openFDs lists the descriptors that are open now and stay.
func openFDs() (map[int]bool, error) {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return nil, err
	}
	keep := make(map[int]bool)
	for _, e := range entries {
		var fd int
		if _, err := fmt.Sscan(e.Name(), &fd); err != nil {
			continue
		}
		// The listing's own descriptor is closed by now.
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil {
			keep[fd] = true
		}
	}
	return keep, nil
}
