// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

import (
	"strings"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// device is the module as this process knows it.
type device struct {
	on    atomic.Bool // it runs batches
	fd    int
	allow [batchAllowWords]uint64 // calls that it runs, by number

	shapes [2 * (ctlShape + 1)]int64 // what prime has to know, by the lowest bits of ctl
}

var module device

// usable reports whether batches go to the module.
func (d *device) usable() bool { return d.on.Load() }

// lose gives the module up for the rest of the process: its descriptor is
// closed or somebody else's now, or calls are being watched. The descriptor is
// left alone, since it may not be ours any more.
func (d *device) lose() { d.on.Store(false) }

// Where the descriptor goes: beyond the numbers that programs see when they
// open a file and expect the lowest free one, and to the last that fits into
// the table that a process starts with. For a larger one the kernel would have
// to wait until nobody reads the old one any more, some milliseconds, because
// Go programs have several threads from their start.
const lowestFD = 63

// chooseExecutor looks for the module, and says what became of it. Where there
// is no /dev/batch, one failing open is all that the process ever does for it.
func chooseExecutor() string {
	if forced() {
		return "BATCH_EMUL is set"
	}
	fd, err := syscall.Open("/dev/batch", syscall.O_RDWR|syscall.O_CLOEXEC, 0)
	if err != nil {
		return "/dev/batch: " + err.Error()
	}
	why := module.take(fd)
	syscall.Close(fd)
	return why
}

// forced reports whether the environment keeps the module out of it.
func forced() bool {
	v, _ := syscall.Getenv("BATCH_EMUL")
	return v != "" && v != "0"
}

// take makes a descriptor of the device the one that batches are run by, if
// everything about it is as it must be, and says what is.
func (d *device) take(fd int) string {
	if watched() {
		return "the process runs under seccomp"
	}
	var info batchInfoT
	if _, e := control(fd, batchInfo, unsafe.Pointer(&info)); e != 0 {
		return "/dev/batch: BATCH_INFO: " + e.Error()
	}
	if info.abi != batchABI || info.maxStride < opSize || info.features&batchFNeeded != batchFNeeded {
		return "the module is another version than this library expects"
	}
	high, _, e := syscall.RawSyscall(syscall.SYS_FCNTL, uintptr(fd), syscall.F_DUPFD_CLOEXEC, lowestFD)
	if e != 0 {
		return "/dev/batch: moving its descriptor: " + e.Error()
	}
	d.fd, d.allow = int(high), info.allow
	d.learn()
	d.on.Store(true)
	return "/dev/batch"
}

// control makes an ioctl.
func control(fd int, request uintptr, arg unsafe.Pointer) (uintptr, syscall.Errno) {
	if fakeControl != nil {
		return fakeControl(request, arg)
	}
	r, _, e := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), request, uintptr(arg))
	return r, e
}

// fakeControl is set by tests.
var fakeControl func(request uintptr, arg unsafe.Pointer) (uintptr, syscall.Errno)

// watched reports whether a seccomp filter looks at this process's calls: then
// it must see them all, one by one. Where that cannot be found out it counts
// as watched.
func watched() bool {
	fd, err := syscall.Open("/proc/self/status", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return true
	}
	defer syscall.Close(fd)
	text := make([]byte, 0, 8192)
	for len(text) < cap(text) {
		n, err := syscall.Read(fd, text[len(text):cap(text)])
		if n <= 0 || err != nil {
			break
		}
		text = text[:len(text)+n]
	}
	return !strings.Contains(string(text), "\nSeccomp:\t0\n")
}

// learn fills in shapes from allow.
func (d *device) learn() {
	for i := range d.shapes {
		d.shapes[i] = d.primeWord(ctl(i))
	}
}

// allows reports whether the module runs a call or a pseudo call.
//
//go:nosplit
func (d *device) allows(nr uint64) bool {
	return nr >= nrConst || nr < batchAllowWords*64 && d.allow[nr/64%batchAllowWords]>>(nr%64)&1 != 0
}
