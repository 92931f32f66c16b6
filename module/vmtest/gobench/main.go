// SPDX-License-Identifier: GPL-2.0-only

// Gobench measures calls made by Go, plainly and in batches through batchrt,
// in the same form as tests/bench.c. A batch is what rewritten code makes of
// the calls: entries built anew for every run, one Run, every result asked
// for. Plain calls are those of golang.org/x/sys/unix.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
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

// work is n times the same, both ways.
type work struct {
	name  string
	plain func(n int)
	batch func(n int)
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
	for _, w := range works() {
		for _, n := range []int{1, 2, 4, 8, 16, 64, 256} {
			plain := measure(func() { w.plain(n) })
			batch := measure(func() { w.batch(n) })
			fmt.Printf("BENCH go %s %d %d %d\n", w.name, n, plain, batch)
		}
	}
	if fail || batchrt.Executor() != "module" {
		fmt.Println("BENCH error: a call failed, or the module was lost")
		os.Exit(1)
	}
}

func works() []work {
	var (
		table [2 * most]batchrt.Op
		st    unix.Stat_t
		buf   [4096]byte
	)
	return []work{
		// unix.Getppid does not tell the scheduler, syscall.Syscall does, as all
		// calls that could wait do.
		{"getppid",
			func(n int) {
				for range n {
					syscall.Syscall(unix.SYS_GETPPID, 0, 0, 0)
				}
			},
			getppids(&table)},
		{"getppid-raw",
			func(n int) {
				for range n {
					unix.Getppid()
				}
			},
			getppids(&table)},
		{"close(-1)",
			func(n int) {
				for range n {
					if unix.Close(-1) == nil {
						fail = true
					}
				}
			},
			func(n int) {
				ops := table[:n]
				for i := range ops {
					ops[i] = batchrt.Close(-1).GoOn()
				}
				batchrt.Run(ops)
				for i := range ops {
					if ops[i].Err() == nil {
						fail = true
					}
				}
			}},
		{"fstat",
			func(n int) {
				for range n {
					note(unix.Fstat(fd, &st))
				}
			},
			func(n int) {
				ops := table[:n]
				for i := range ops {
					ops[i] = batchrt.Fstat(fd, &st)
				}
				batchrt.Run(ops)
				for i := range ops {
					note(ops[i].Err())
				}
			}},
		{"lstat",
			func(n int) {
				for range n {
					note(unix.Lstat(path, &st))
				}
			},
			func(n int) {
				var a batchrt.Arena
				ops := table[:n]
				for i := range ops {
					ops[i] = a.Lstat(path, &st)
				}
				batchrt.Run(ops)
				for i := range ops {
					note(ops[i].Err())
				}
			}},
		{"openat+close",
			func(n int) {
				for range n {
					f, err := unix.Open(path, unix.O_RDONLY, 0)
					note(err)
					note(unix.Close(f))
				}
			},
			func(n int) {
				var a batchrt.Arena
				ops := table[:2*n]
				for i := 0; i < 2*n; i += 2 {
					ops[i] = a.Open(path, unix.O_RDONLY, 0)
					ops[i+1] = batchrt.Close(-1).FD(i)
				}
				batchrt.Run(ops)
				for i := range ops {
					if i%2 == 0 {
						_, err := ops[i].Int()
						note(err)
					} else {
						note(ops[i].Err())
					}
				}
			}},
		{"pread",
			func(n int) {
				for range n {
					_, err := unix.Pread(fd, buf[:], 0)
					note(err)
				}
			},
			func(n int) {
				ops := table[:n]
				for i := range ops {
					ops[i] = batchrt.Pread(fd, buf[:], 0)
				}
				batchrt.Run(ops)
				for i := range ops {
					_, err := ops[i].Int()
					note(err)
				}
			}},
	}
}

func getppids(table *[2 * most]batchrt.Op) func(int) {
	return func(n int) {
		ops := table[:n]
		for i := range ops {
			ops[i] = batchrt.Getppid()
		}
		batchrt.Run(ops)
		for i := range ops {
			if ops[i].Val() == 0 {
				fail = true
			}
		}
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
