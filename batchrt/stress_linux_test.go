// SPDX-License-Identifier: BSD-3-Clause

package batchrt

import (
	"flag"
	"runtime"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

var (
	stressRuns  = flag.Int("batchrt.runs", 0, "`number` of runs of the stack and collector stress; 0: 20000, or a tenth of it where things are slow")
	stressEarly = flag.Bool("batchrt.early", false, "take addresses before the stack moves, to see that the stress notices")
)

// earlyRun is grownRun by addresses taken too early, where they can be had.
var earlyRun func(path string, fd int, depth int) bool

// deep makes the stack grow, which moves everything on it.
//
//go:noinline
func deep(n int) int {
	var pad [512]byte
	pad[n%512] = byte(n)
	if n == 0 {
		return int(pad[0])
	}
	return deep(n-1) + int(pad[n%512])
}

// grownRun builds a table, lets the stack move, and runs it twice with another
// move between. It returns false if anything is not what it must be.
//
//go:noinline
func grownRun(path string, fd int, depth int) bool {
	var before, a, b, c, after unix.Stat_t
	before.Size, after.Size = 0x1111, 0x2222
	var ar Arena
	var buf [32]byte
	ops := [...]Op{
		Fstat(fd, &a),
		ar.Lstat(path, &b),
		Pread(fd, buf[4:12], 0),
		ar.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0),
		Fstat(-1, &c).FD(3),
		Close(-1).FD(3),
		Load(7, 1, &a.Size),
		Seek(fd, 0, unix.SEEK_SET),
	}
	deep(depth)
	ok := true
	for i := 0; i < 2; i++ {
		a, b, c, buf = unix.Stat_t{}, unix.Stat_t{}, unix.Stat_t{}, [32]byte{}
		Run(ops[:])
		deep(2 * depth)
		pos, err := ops[7].Int64()
		n, rerr := ops[2].Int()
		ok = ok && err == nil && rerr == nil && n == 8 && pos == 77 && a.Size == 77 && b.Size == 77 && c.Size == 77 &&
			a.Ino == b.Ino && b.Ino == c.Ino && before.Size == 0x1111 && after.Size == 0x2222 &&
			buf[3] == 0 && buf[12] == 0 && buf[4] == 'x' && buf[11] == 'x' && ops[5].Err() == nil
	}
	return ok
}

// TestStress runs batches on stacks that are about to move, beside a
// collector that never rests.
func TestStress(t *testing.T) {
	path, fd := tmpFile(t, 77)
	if _, err := unix.Pwrite(fd, []byte("xxxxxxxx"), 0); err != nil {
		t.Fatal(err)
	}
	one := grownRun
	if *stressEarly {
		if one = earlyRun; one == nil {
			t.Skip("there are no addresses to take early")
		}
	}
	runs := *stressRuns
	if runs == 0 {
		if runs = 20000; testing.Short() || sanitized {
			runs /= 10
		}
	}
	stop := make(chan bool)
	var bg sync.WaitGroup
	bg.Add(1)
	go func() {
		defer bg.Done()
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	}()
	const workers = 4
	var wg sync.WaitGroup
	bad := make(chan int, workers)
	for w := 0; w < workers; w++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			// Descriptors' offsets are shared: each its own.
			my, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
			if err != nil {
				t.Error(err)
				return
			}
			defer unix.Close(my)
			for i := 0; i < runs/workers; i++ {
				done := make(chan bool)
				// A new goroutine has a small stack, so that it grows.
				go func() { done <- one(path, my, i%40) }()
				if !<-done {
					bad <- i
					return
				}
			}
		}()
	}
	wg.Wait()
	close(stop)
	bg.Wait()
	close(bad)
	for i := range bad {
		t.Errorf("run %d: results or memory are wrong", i)
	}
}
