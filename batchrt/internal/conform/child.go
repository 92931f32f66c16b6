// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64)

package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/autobatch/autobatch/batchrt"
)

// runChild runs programs and prints a line for each: its number and a digest
// of everything that it did.
func runChild(executor string, seed, n int64, show bool) (err error) {
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
	out, err := seclude(dir)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil { // standard error is out of reach by now
			fmt.Fprintln(out, err)
		}
		out.Close()
	}()
	// The runtime opens its own descriptors on first use of the poller.
	if f, err := os.Open("/dev/null"); err == nil {
		f.Close()
	}
	keep, err := openFDs()
	if err != nil {
		return err
	}
	before := batchrt.Counters()
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
		text += w.state(keep)
		if show {
			fmt.Fprintln(out, text)
		} else {
			fmt.Fprintf(out, "%d %x\n", i, sha256.Sum256([]byte(text)))
		}
		if err := w.clear(keep); err != nil {
			return fmt.Errorf("program %d: %v", i, err)
		}
	}
	// What an emulator did says nothing of the module.
	if c := batchrt.Counters(); executor == "module" &&
		(batchrt.Executor() != "module" || 2*(c.Fallbacks-before.Fallbacks) > c.Batches-before.Batches) {
		return fmt.Errorf("after %d programs the executor is %s; %d of %d batches were left to the emulator",
			n, batchrt.Executor(), c.Fallbacks-before.Fallbacks, c.Batches-before.Batches)
	}
	return nil
}

// seclude cuts the process off from files that are not its own, in case a
// program gets at a descriptor that it was not given: what was inherited is
// closed, and 0, 1 and 2 become a file in dir. It returns what was the
// standard output, far from the numbers that programs see.
func seclude(dir string) (*os.File, error) {
	const far = 900
	if err := unix.Dup3(1, far, unix.O_CLOEXEC); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		fd, err := strconv.Atoi(e.Name())
		if err != nil || fd < 3 || fd == far {
			continue
		}
		// The runtime's own descriptors are anonymous,
		// and batchrt's is the module's.
		to, err := os.Readlink("/proc/self/fd/" + e.Name())
		if err == nil && !strings.HasPrefix(to, "anon_inode:") && to != "/dev/batch" {
			unix.Close(fd)
		}
	}
	own, err := unix.Open(filepath.Join(dir, "stdio"), unix.O_RDWR|unix.O_CREAT|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, err
	}
	defer unix.Close(own)
	for fd := 0; fd < 3; fd++ {
		if err := unix.Dup3(own, fd, 0); err != nil {
			return nil, err
		}
	}
	return os.NewFile(far, "standard output"), nil
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
