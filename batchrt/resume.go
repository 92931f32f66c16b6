// SPDX-License-Identifier: BSD-3-Clause

package batchrt

import (
	"syscall"
	"unsafe"
)

// The Or forms are for calls that control reaches although their entry may not
// have run, because an earlier one ended the batch: they give the entry's
// result if it ran, and otherwise make the call now, by the function given.

// ErrOr is Err if the entry ran, else call's result.
func (o *Op) ErrOr(call func() error) error {
	if o.Ran() {
		return o.Err()
	}
	return call()
}

// IntOr is Int if the entry ran, else call's result.
func (o *Op) IntOr(call func() (int, error)) (int, error) {
	if o.Ran() {
		return o.Int()
	}
	return call()
}

// Int64Or is Int64 if the entry ran, else call's result.
func (o *Op) Int64Or(call func() (int64, error)) (int64, error) {
	if o.Ran() {
		return o.Int64()
	}
	return call()
}

// UintptrOr is Uintptr if the entry ran, else call's result.
func (o *Op) UintptrOr(call func() (uintptr, error)) (uintptr, error) {
	if o.Ran() {
		return o.Uintptr()
	}
	return call()
}

// PointerOr is Pointer if the entry ran, else call's result.
func (o *Op) PointerOr(call func() (unsafe.Pointer, error)) (unsafe.Pointer, error) {
	if o.Ran() {
		return o.Pointer()
	}
	return call()
}

// ValOr is Val if the entry ran, else call's result.
func (o *Op) ValOr(call func() int) int {
	if o.Ran() {
		return o.Val()
	}
	return call()
}

// NoneOr is None if the entry ran, else it calls call.
func (o *Op) NoneOr(call func()) {
	if !o.Ran() {
		call()
	}
}

// RawOr is Raw if the entry ran, else call's result.
func (o *Op) RawOr(call func() (r1, r2 uintptr, err syscall.Errno)) (r1, r2 uintptr, err syscall.Errno) {
	if o.Ran() {
		return o.Raw()
	}
	return call()
}
