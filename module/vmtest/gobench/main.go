// SPDX-License-Identifier: GPL-2.0-only

// Gobench measures calls made by Go, plainly and in batches through batchrt,
// in the same form as tests/bench.c. A batch is a local table, filled entry by
// entry (groups.go; by a loop where it has more than 16), or in the rows
// "-literal" a slice literal; one Run, every result asked for. Plain calls are
// those of golang.org/x/sys/unix.
//
//go:generate go run ./gen
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"

	"github.com/autobatch/autobatch/batchrt"
	"golang.org/x/sys/unix"
)

const most = 256

var (
	path = "/tmp/gobench-file"
	fd   int
	fail bool
)

// note keeps errors that must not be.
func note(err error) {
	if err != nil {
		fail = true
	}
}

// noteNot keeps errors that there are not.
func noteNot(err error) {
	if err == nil {
		fail = true
	}
}

// work is one thing n times, plainly and in a batch: by a function for the
// size, or if there is none by one that fills a table.
type work struct {
	name  string
	plain func(n int)
	sizes map[int]func()
	fill  func(n int)
}

func (w *work) batch(n int) func() {
	if f := w.sizes[n]; f != nil {
		return f
	}
	return func() { w.fill(n) }
}

func main() {
	runtime.LockOSThread()
	debug.SetGCPercent(-1)
	if batchrt.Executor() != "module" {
		fmt.Println("BENCH error: the executor is", batchrt.Executor())
		os.Exit(1)
	}
	note(os.WriteFile(path, make([]byte, 4096), 0o600))
	var err error
	fd, err = unix.Open(path, unix.O_RDONLY, 0)
	note(err)
	if len(os.Args) > 1 {
		repeat(os.Args[1])
	}
	for _, w := range works {
		for _, n := range []int{1, 2, 4, 8, 16, 64, 256} {
			plain := measure(func() { w.plain(n) })
			batch := measure(w.batch(n))
			fmt.Printf("BENCH go %s %d %d %d\n", w.name, n, plain, batch)
		}
	}
	if fail || batchrt.Executor() != "module" {
		fmt.Println("BENCH error: a call failed, or the module was lost")
		os.Exit(1)
	}
}

// repeat runs the same batch for ever, for "vmtest profile" to step through.
func repeat(size string) {
	n, _ := strconv.Atoi(size)
	f := getppids[n]
	for range 100 {
		f()
	}
	fmt.Println("PROFILE ready")
	for {
		f()
	}
}

var (
	st  unix.Stat_t
	buf [4096]byte
)

var works = []work{
	// unix.Getppid does not tell the scheduler, syscall.Syscall does, as all
	// calls that could wait do.
	{"getppid", func(n int) {
		for range n {
			syscall.Syscall(unix.SYS_GETPPID, 0, 0, 0)
		}
	}, getppids, fillGetppid},
	{"getppid-literal", func(n int) {
		for range n {
			syscall.Syscall(unix.SYS_GETPPID, 0, 0, 0)
		}
	}, getppidLiterals, fillGetppid},
	{"getppid-raw", func(n int) {
		for range n {
			unix.Getppid()
		}
	}, getppids, fillGetppid},
	{"close(-1)", func(n int) {
		for range n {
			noteNot(unix.Close(-1))
		}
	}, closes, func(n int) {
		var ops [most]batchrt.Op
		for i := range n {
			ops[i] = batchrt.Close(-1).GoOn()
		}
		batchrt.Run(ops[:n])
		for i := range n {
			noteNot(ops[i].Err())
		}
	}},
	{"fstat", func(n int) {
		for range n {
			note(unix.Fstat(fd, &st))
		}
	}, fstats, fillFstat},
	{"fstat-literal", func(n int) {
		for range n {
			note(unix.Fstat(fd, &st))
		}
	}, fstatLiterals, fillFstat},
	{"lstat", func(n int) {
		for range n {
			note(unix.Lstat(path, &st))
		}
	}, lstats, func(n int) {
		var a batchrt.Arena
		var ops [most]batchrt.Op
		for i := range n {
			ops[i] = a.Lstat(path, &st)
		}
		batchrt.Run(ops[:n])
		for i := range n {
			note(ops[i].Err())
		}
	}},
	{"openat+close", func(n int) {
		for range n {
			f, err := unix.Open(path, unix.O_RDONLY, 0)
			note(err)
			note(unix.Close(f))
		}
	}, opens, func(n int) {
		var a batchrt.Arena
		var ops [2 * most]batchrt.Op
		for i := 0; i < 2*n; i += 2 {
			ops[i] = a.Open(path, unix.O_RDONLY, 0)
			ops[i+1] = batchrt.Close(-1).FD(i)
		}
		batchrt.Run(ops[:2*n])
		for i := 0; i < 2*n; i += 2 {
			_, err := ops[i].Int()
			note(err)
			note(ops[i+1].Err())
		}
	}},
	{"pread", func(n int) {
		for range n {
			_, err := unix.Pread(fd, buf[:], 0)
			note(err)
		}
	}, preads, func(n int) {
		var ops [most]batchrt.Op
		for i := range n {
			ops[i] = batchrt.Pread(fd, buf[:], 0)
		}
		batchrt.Run(ops[:n])
		for i := range n {
			_, err := ops[i].Int()
			note(err)
		}
	}},
}

func fillFstat(n int) {
	var ops [most]batchrt.Op
	for i := range n {
		ops[i] = batchrt.Fstat(fd, &st)
	}
	batchrt.Run(ops[:n])
	for i := range n {
		note(ops[i].Err())
	}
}

func fillGetppid(n int) {
	var ops [most]batchrt.Op
	for i := range n {
		ops[i] = batchrt.Getppid()
	}
	batchrt.Run(ops[:n])
	for i := range n {
		ops[i].Val()
	}
}

// measure returns the least of several runs, without the clock's own cost.
func measure(f func()) time.Duration {
	best, clock := time.Hour, time.Hour
	for range 12 {
		t := time.Now()
		clock = min(clock, time.Since(t))
		t = time.Now()
		f()
		best = min(best, time.Since(t))
	}
	return best - clock
}
