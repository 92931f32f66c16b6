// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

import (
	"syscall"
	"unsafe"
)

// maxErrno is the largest errno: results -maxErrno to -1 are failures.
const maxErrno = 4095

// done reports whether the entry ran and succeeded. Most results are asked for
// of such entries: the accessors are inlined as far as that.
func (o *Op) done() bool { return o.ctl&ctlRan != 0 && uint64(o.ret) < -maxErrno&(1<<64-1) }

// fault is the error of an entry that failed. It panics if it did not run.
// Errnos are below 256, so making an interface of one allocates nothing.
//
//go:noinline
func (o *Op) fault() error {
	if o.ctl&ctlRan == 0 {
		panicNotRun()
	}
	return syscall.Errno(-o.ret)
}

// failure is the number that the wrapper of a failed call returns, with the
// error.
//
//go:noinline
func (o *Op) failure() (int64, error) {
	if o.ctl&ctlNoCall != 0 {
		return 0, o.fault()
	}
	return -1, o.fault()
}

// Err is the result of a call that returns only an error.
func (o *Op) Err() error {
	if o.done() {
		return nil
	}
	return o.fault()
}

// Int is the result of a call that returns a number and an error: -1 on
// failure, 0 when a path held a NUL byte.
func (o *Op) Int() (int, error) {
	if o.done() {
		return int(o.ret), nil
	}
	n, err := o.failure()
	return int(n), err
}

// Int64 is Int for calls whose number is an int64.
func (o *Op) Int64() (int64, error) {
	if o.done() {
		return o.ret, nil
	}
	return o.failure()
}

// Uintptr is Int for calls whose number is a uintptr: ^uintptr(0) on failure.
func (o *Op) Uintptr() (uintptr, error) {
	n, err := o.Int64()
	return uintptr(n), err
}

// Pointer is the result of a call that returns an address and an error.
func (o *Op) Pointer() (unsafe.Pointer, error) {
	n, err := o.Int64()
	return *(*unsafe.Pointer)(unsafe.Pointer(&n)), err
}

// Val is the result of a call that cannot fail.
func (o *Op) Val() int {
	o.None()
	return int(o.ret)
}

// None is for a call without result. It only panics if the entry did not run.
func (o *Op) None() {
	if !o.Ran() {
		panicNotRun()
	}
}

// Raw is the result of Syscall, Syscall6, RawSyscall and RawSyscall6: on
// failure r1 is ^uintptr(0), r2 is 0 and err the errno.
func (o *Op) Raw() (r1, r2 uintptr, err syscall.Errno) {
	if !o.done() {
		return ^uintptr(0), 0, o.fault().(syscall.Errno)
	}
	if o.ctl&(1<<(refShift+r2Arg)) == 0 {
		// The register is the kernel's to change, but it never does.
		r2 = uintptr(*o.arg(r2Arg))
	}
	return uintptr(o.ret), r2, 0
}
