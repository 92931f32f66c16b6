// SPDX-License-Identifier: GPL-2.0-only

// Gobench measures calls made by Go, plainly and in batches, in the same form
// as tests/bench.c. A batch here is built anew for every run, as rewritten
// programs do, and submitted through syscall.Syscall.
package main

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
	"time"
	"unsafe"
)

type call struct {
	nr, jneg, jzero, jpos int16
	ret                   int64
	arg                   [6]uint64
}

type request struct {
	calls               uint64
	res                 int64
	n, pos, last, state uint32
	flags, stride       uint32
}

const (
	cmdRun  = 3<<30 | 40<<16 | 0xB7<<8 | 0x51
	wdcpy   = -2
	atFDCWD = ^uint64(99)
)

var (
	dev   int
	req   request
	calls [3 * 256]call
	st    syscall.Stat_t
	buf   [4096]byte
	path  = "/tmp/gobench-file"
	cpath = append([]byte(path), 0)
	fd    int
)

func ptr[T any](p *T) uint64 { return uint64(uintptr(unsafe.Pointer(p))) }

func run(n int) {
	req = request{calls: ptr(&calls[0]), n: uint32(n), stride: uint32(unsafe.Sizeof(calls[0]))}
	for {
		r, _, e := syscall.Syscall(syscall.SYS_IOCTL, uintptr(dev), cmdRun, uintptr(unsafe.Pointer(&req)))
		if e != 0 {
			fmt.Println("BENCH error", e)
			os.Exit(1)
		}
		if r == 0 {
			return
		}
	}
}

type work struct {
	name  string
	per   int
	plain func()
	fill  func(c []call)
}

func main() {
	runtime.LockOSThread()
	var err error
	if dev, err = syscall.Open("/dev/batch", syscall.O_RDWR, 0); err != nil {
		fmt.Println("BENCH error", err)
		os.Exit(1)
	}
	os.WriteFile(path, buf[:], 0o600)
	fd, _ = syscall.Open(path, syscall.O_RDONLY, 0)
	works := []work{
		{"getppid", 1, func() { syscall.Syscall(syscall.SYS_GETPPID, 0, 0, 0) },
			func(c []call) { c[0] = call{nr: syscall.SYS_GETPPID} }},
		{"close(-1)", 1, func() { syscall.Close(-1) },
			func(c []call) { c[0] = call{nr: syscall.SYS_CLOSE, arg: [6]uint64{^uint64(0)}} }},
		{"fstat", 1, func() { syscall.Fstat(fd, &st) },
			func(c []call) { c[0] = call{nr: syscall.SYS_FSTAT, arg: [6]uint64{uint64(fd), ptr(&st)}} }},
		{"lstat", 1, func() { syscall.Lstat(path, &st) },
			func(c []call) {
				c[0] = call{nr: sysNewfstatat, arg: [6]uint64{atFDCWD, ptr(&cpath[0]), ptr(&st), 0x100}}
			}},
		{"openat+close", 3, func() { f, _ := syscall.Open(path, syscall.O_RDONLY, 0); syscall.Close(f) },
			func(c []call) {
				c[0] = call{nr: syscall.SYS_OPENAT, arg: [6]uint64{atFDCWD, ptr(&cpath[0]), 0x8000}}
				c[1] = call{nr: wdcpy, arg: [6]uint64{ptr(&c[2].arg[0]), ptr(&c[0].ret)}}
				c[2] = call{nr: syscall.SYS_CLOSE}
			}},
		{"pread", 1, func() { syscall.Pread(fd, buf[:], 0) },
			func(c []call) {
				c[0] = call{nr: syscall.SYS_PREAD64, arg: [6]uint64{uint64(fd), ptr(&buf[0]), 4096, 0}}
			}},
	}
	for _, w := range works {
		for _, n := range []int{1, 2, 4, 8, 16, 64, 256} {
			plain := measure(func() {
				for range n {
					w.plain()
				}
			})
			batch := measure(func() {
				for i := range n {
					w.fill(calls[i*w.per : i*w.per+w.per])
				}
				run(n * w.per)
			})
			fmt.Printf("BENCH go %s %d %d %d\n", w.name, n, plain, batch)
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
