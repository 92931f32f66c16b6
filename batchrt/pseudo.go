// SPDX-License-Identifier: BSD-3-Clause

package batchrt

import "unsafe"

// word is what Load can read.
type word interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

// widthOf gives the size of T in bytes, negative for signed types.
func widthOf[T word]() int64 {
	var v T
	n := int64(unsafe.Sizeof(v))
	if v--; v < 0 {
		return -n
	}
	return n
}
