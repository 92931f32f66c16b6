// SPDX-License-Identifier: GPL-2.0-only

// Storm runs batches from many goroutines while the runtime preempts them
// with SIGURG and the collector runs without pause, and compares every result
// with the plain call's. Go's handlers are SA_RESTART: no EINTR may be seen
// that plain calls would not show.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

// The layout of batch_uapi.h, which the first test checks against the module.
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

type info struct {
	abi, maxStride, features, nbits uint32
	allow                           [16]uint64
}

const (
	cmdRun  = 3<<30 | 40<<16 | 0xB7<<8 | 0x51
	cmdInfo = 2<<30 | 144<<16 | 0xB7<<8 | 0x52
	wdcpy   = -2
	notRun  = -1 << 63
)

var (
	dev                                int
	requests, interrupted, differences atomic.Int64
	tests, failed                      int
)

func test(name string, ok bool, format string, args ...any) {
	tests++
	if !ok {
		failed++
		fmt.Printf("FAIL storm %s: %s\n", name, fmt.Sprintf(format, args...))
	}
}

// run carries a batch through; entries are on the heap, which does not move.
func run(calls []call) error {
	req := &request{calls: uint64(uintptr(unsafe.Pointer(&calls[0]))), n: uint32(len(calls)), stride: uint32(unsafe.Sizeof(calls[0]))}
	for {
		requests.Add(1)
		r, _, e := syscall.Syscall(syscall.SYS_IOCTL, uintptr(dev), cmdRun, uintptr(unsafe.Pointer(req)))
		runtime.KeepAlive(calls)
		switch {
		case e == syscall.EINTR:
			interrupted.Add(1)
			return e
		case e != 0:
			return e
		case r == 0:
			return nil
		}
	}
}

func entry(nr int, args ...uint64) call {
	c := call{nr: int16(nr), ret: notRun}
	copy(c.arg[:], args)
	return c
}

func ptr[T any](p *T) uint64 { return uint64(uintptr(unsafe.Pointer(p))) }

const atFDCWD = 0xffffffffffffff9c

// worker loops over chains of calls and checks them until stop.
func worker(id int, path []byte, fd int, stop *atomic.Bool) {
	ppid := int64(os.Getppid())
	var want syscall.Stat_t
	if err := syscall.Fstat(fd, &want); err != nil {
		differences.Add(1)
		return
	}
	var pipe [2]int
	syscall.Pipe(pipe[:])
	for i := 0; !stop.Load(); i++ {
		dirt := make([]byte, 1000+i%1000)
		garbage.Store(&dirt)
		st := new(syscall.Stat_t)
		buf := make([]byte, 16)
		pause := &syscall.Timespec{Nsec: 50000}
		msg := []byte{byte(i), byte(id)}
		got := make([]byte, 2)
		calls := make([]call, 9)
		calls[0] = entry(syscall.SYS_GETPPID)
		calls[1] = entry(syscall.SYS_OPENAT, atFDCWD, ptr(&path[0]), syscall.O_RDONLY)
		calls[2] = entry(wdcpy, ptr(&calls[4].arg[0]), ptr(&calls[1].ret))
		calls[3] = entry(wdcpy, ptr(&calls[5].arg[0]), ptr(&calls[1].ret))
		calls[4] = entry(syscall.SYS_FSTAT, 0, ptr(st))
		calls[5] = entry(syscall.SYS_CLOSE)
		calls[6] = entry(syscall.SYS_PREAD64, uint64(fd), ptr(&buf[0]), 16, 3)
		calls[7] = entry(syscall.SYS_WRITE, uint64(pipe[1]), ptr(&msg[0]), 2)
		calls[8] = entry(syscall.SYS_READ, uint64(pipe[0]), ptr(&got[0]), 2)
		if i%8 == 0 {
			calls = append(calls, entry(syscall.SYS_NANOSLEEP, ptr(pause), 0))
			calls[2].arg[0], calls[2].arg[1] = ptr(&calls[4].arg[0]), ptr(&calls[1].ret)
			calls[3].arg[0], calls[3].arg[1] = ptr(&calls[5].arg[0]), ptr(&calls[1].ret)
		}
		err := run(calls)
		runtime.KeepAlive(path)
		// a sleep may be interrupted, plain or not; nothing else may
		if err == syscall.EINTR && i%8 == 0 {
			interrupted.Add(-1)
			err = nil
		}
		ok := err == nil && calls[0].ret == ppid && calls[1].ret > 2 && calls[4].ret == 0 && calls[5].ret == 0 &&
			st.Ino == want.Ino && st.Size == want.Size && calls[6].ret == 16 && string(buf) == "3456789012345678" &&
			calls[7].ret == 2 && calls[8].ret == 2 && got[0] == msg[0] && got[1] == msg[1]
		if !ok {
			if differences.Add(1) < 3 {
				fmt.Printf("FAIL storm: %v %+v\n", err, calls)
			}
		}
		runtime.KeepAlive(pause)
	}
}

// garbage is what keeps the collector busy.
var garbage atomic.Pointer[[]byte]

func main() {
	var err error
	dev, err = syscall.Open("/dev/batch", syscall.O_RDWR|syscall.O_CLOEXEC, 0)
	test("open", err == nil, "%v", err)
	in := new(info)
	_, _, e := syscall.Syscall(syscall.SYS_IOCTL, uintptr(dev), cmdInfo, uintptr(unsafe.Pointer(in)))
	test("info", e == 0 && in.abi == 1 && in.nbits == 1024, "%v %+v", e, in)

	name := fmt.Sprintf("/tmp/storm%d", os.Getuid())
	data := make([]byte, 100)
	for i := range data {
		data[i] = byte('0' + i%10)
	}
	test("file", os.WriteFile(name, data, 0o600) == nil, "%s", name)
	fd, err := syscall.Open(name, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	test("reopen", err == nil, "%v", err)
	path := append([]byte(name), 0)

	var stop atomic.Bool
	var wg sync.WaitGroup
	for id := range 6 {
		wg.Add(1)
		go func() { defer wg.Done(); worker(id, path, fd, &stop) }()
	}
	self := os.Getpid()
	deadline := time.Now().Add(2 * time.Second)
	urgs := 0
	for time.Now().Before(deadline) {
		runtime.GC()
		for range 20 {
			syscall.Kill(self, syscall.SIGURG)
			urgs++
		}
	}
	stop.Store(true)
	wg.Wait()
	test("results", differences.Load() == 0, "%d differ", differences.Load())
	test("interrupts", interrupted.Load() == 0, "%d calls saw EINTR", interrupted.Load())
	test("amount", requests.Load() > 50 && urgs > 50, "%d requests, %d signals", requests.Load(), urgs)
	fmt.Printf("storm: %d requests, %d signals sent\n", requests.Load(), urgs)
	fmt.Printf("TESTS run=%d failed=%d\n", tests, failed)
	if failed != 0 {
		os.Exit(1)
	}
}
