// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

import (
	"strings"
	"unsafe"
)

// arenaSize is what an Arena holds, terminating bytes included: three paths of
// common length. A larger one costs every caller more to clear than the rare
// long path costs on the heap.
const arenaSize = 248

// Arena holds the NUL-terminated copies of the paths of a table's entries; the
// constructors that take paths are its methods. The zero value is ready. It
// belongs on the stack, beside the table; what does not fit goes to the heap,
// at any length. It must stay unchanged until the table has run.
type Arena struct {
	n   int
	buf [arenaSize]byte
}

// Reset forgets all paths, for a table that is built anew.
func (a *Arena) Reset() { a.n = 0 }

// put copies s and terminates it. For a string that holds a NUL byte it gives
// nil and ctlNoCall: the entry's result will be EINVAL, without a call.
func (a *Arena) put(s string) (unsafe.Pointer, ctl) {
	n := a.n
	if strings.IndexByte(s, 0) >= 0 {
		return nil, ctlNoCall
	}
	if len(s) >= arenaSize-n {
		return heapPath(s), 0
	}
	copy(a.buf[n:], s)
	a.buf[n+len(s)] = 0
	a.n = n + len(s) + 1
	return unsafe.Pointer(&a.buf[n]), 0
}

// put2 is put for constructors with two paths.
func (a *Arena) put2(s, t string) (p, q unsafe.Pointer, c ctl) {
	p, c = a.put(s)
	q, d := a.put(t)
	return p, q, c | d
}

// put3 is put for constructors with three.
func (a *Arena) put3(s, t, u string) (p, q, r unsafe.Pointer, c ctl) {
	p, q, c = a.put2(s, t)
	r, d := a.put(u)
	return p, q, r, c | d
}

//go:noinline
func heapPath(s string) unsafe.Pointer {
	b := make([]byte, len(s)+1)
	copy(b, s)
	return unsafe.Pointer(unsafe.SliceData(b))
}

// zero is what an empty slice points to, as x/sys's own _zero.
var zero uintptr

// data is the address behind a slice argument: never nil.
func data[T any](s []T) unsafe.Pointer {
	if len(s) == 0 {
		return unsafe.Pointer(&zero)
	}
	return unsafe.Pointer(unsafe.SliceData(s))
}
