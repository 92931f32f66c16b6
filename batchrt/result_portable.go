// SPDX-License-Identifier: BSD-3-Clause

//go:build !(linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname)

package batchrt

import (
	"syscall"
	"unsafe"
)

// must panics if the entry did not run.
func (o *Op) must() *Op {
	if !o.ran {
		panicNotRun()
	}
	return o
}

// result stores what a call returned. All errors of the functions that make
// the calls are errnos.
func (o *Op) result(n int64, err error) {
	o.ret, o.errno = n, 0
	if err != nil {
		o.errno = err.(syscall.Errno)
	}
}

// err is the call's error. Errnos are below 256, so making an interface of one
// allocates nothing.
func (o *Op) err() error {
	if o.errno != 0 {
		return o.errno
	}
	return nil
}

// Err is the result of a call that returns only an error.
func (o *Op) Err() error { return o.must().err() }

// Int is the result of a call that returns a number and an error: -1 on
// failure, 0 when a path held a NUL byte.
func (o *Op) Int() (int, error) { return int(o.must().ret), o.err() }

// Int64 is Int for calls whose number is an int64.
func (o *Op) Int64() (int64, error) { return o.must().ret, o.err() }

// Uintptr is Int for calls whose number is a uintptr: ^uintptr(0) on failure.
func (o *Op) Uintptr() (uintptr, error) { return uintptr(o.must().ret), o.err() }

// Pointer is the result of a call that returns an address and an error.
func (o *Op) Pointer() (unsafe.Pointer, error) {
	p := uintptr(o.must().ret)
	return *(*unsafe.Pointer)(unsafe.Pointer(&p)), o.err()
}

// Val is the result of a call that cannot fail.
func (o *Op) Val() int { return int(o.must().ret) }

// None is for a call without result. It only panics if the entry did not run.
func (o *Op) None() { o.must() }

// Raw is the result of Syscall, Syscall6, RawSyscall and RawSyscall6: on
// failure r1 is ^uintptr(0), r2 is 0 and err the errno.
func (o *Op) Raw() (r1, r2 uintptr, err syscall.Errno) {
	return uintptr(o.must().ret), o.r2, o.errno
}
