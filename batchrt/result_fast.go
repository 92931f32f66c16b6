// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

import (
	"syscall"
	"unsafe"
)

// maxErrno is the largest errno: results -maxErrno to -1 are failures.
const maxErrno = 4095

// failed reports whether the call failed. It panics if the entry did not run.
func (o *Op) failed() bool {
	if o.ctl < ctlRan {
		panicNotRun()
	}
	return uint64(o.ret) >= -maxErrno&(1<<64-1)
}

// Err is the result of a call that returns only an error.
func (o *Op) Err() error {
	if o.failed() {
		return errnoErr(o.ret)
	}
	return nil
}

// Int is the result of a call that returns a number and an error: -1 on
// failure, 0 when a path held a NUL byte.
func (o *Op) Int() (int, error) {
	if o.failed() {
		return int(o.failure()), errnoErr(o.ret)
	}
	return int(o.ret), nil
}

// Int64 is Int for calls whose number is an int64.
func (o *Op) Int64() (int64, error) {
	if o.failed() {
		return o.failure(), errnoErr(o.ret)
	}
	return o.ret, nil
}

// Uintptr is Int for calls whose number is a uintptr: ^uintptr(0) on failure.
func (o *Op) Uintptr() (uintptr, error) {
	if o.failed() {
		return uintptr(o.failure()), errnoErr(o.ret)
	}
	return uintptr(o.ret), nil
}

// Pointer is the result of a call that returns an address and an error.
func (o *Op) Pointer() (unsafe.Pointer, error) {
	ret, err := o.ret, error(nil)
	if o.failed() {
		ret, err = o.failure(), errnoErr(o.ret)
	}
	return *(*unsafe.Pointer)(unsafe.Pointer(&ret)), err
}

// Val is the result of a call that cannot fail.
func (o *Op) Val() int {
	if o.ctl < ctlRan {
		panicNotRun()
	}
	return int(o.ret)
}

// None is for a call without result. It only panics if the entry did not run.
func (o *Op) None() {
	if o.ctl < ctlRan {
		panicNotRun()
	}
}

// Raw is the result of Syscall, Syscall6, RawSyscall and RawSyscall6: on
// failure r1 is ^uintptr(0), r2 is 0 and err the errno.
func (o *Op) Raw() (r1, r2 uintptr, err syscall.Errno) {
	if o.failed() {
		return ^uintptr(0), 0, syscall.Errno(-o.ret)
	}
	if o.ctl&(1<<r2Arg) == 0 {
		// The register is the kernel's to change, but it never does.
		r2 = uintptr(*o.arg(r2Arg))
	}
	return uintptr(o.ret), r2, nil0
}

const nil0 = syscall.Errno(0)

// failure is the number that a failed call's wrapper returns.
func (o *Op) failure() int64 {
	if o.ctl&ctlNoCall != 0 {
		return 0
	}
	return -1
}

// errnoErr is the error for a failed result. Errnos are below 256, so making
// an interface of one allocates nothing.
func errnoErr(ret int64) error { return syscall.Errno(-ret) }
