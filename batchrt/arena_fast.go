// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

import (
	"strings"
	"unsafe"
)

// arenaSize is what an Arena holds without the heap, terminating bytes
// included: a few paths of common length. A larger one costs every caller more
// to clear than it saves the few with long paths.
const arenaSize = 216

// chunkSize is the least that an Arena takes from the heap at once.
const chunkSize = 1024

// Arena holds the NUL-terminated copies of the paths of a table's entries; the
// constructors that take paths are its methods. The zero value is ready. It
// belongs on the stack, beside the table; what does not fit goes to the heap,
// at any length. It must stay unchanged until the table has run.
type Arena struct {
	n     int    // bytes of buf in use
	chunk []byte // heap: length in use, capacity to come
	buf   [arenaSize]byte
}

// Reset forgets all paths, for a table that is built anew. What the Arena took
// from the heap it keeps and uses again.
func (a *Arena) Reset() { a.n, a.chunk = 0, a.chunk[:0] }

// put copies s and terminates it. For a string that holds a NUL byte it gives
// nil and ctlNoCall: the entry's result will be EINVAL, without a call.
func (a *Arena) put(s string) (unsafe.Pointer, ctl) {
	n := a.n
	if strings.IndexByte(s, 0) >= 0 {
		return nil, ctlNoCall
	}
	if len(s) >= arenaSize-n {
		return a.grow(s), 0
	}
	copy(a.buf[n:], s)
	a.buf[n+len(s)] = 0
	a.n = n + len(s) + 1
	return unsafe.Pointer(&a.buf[n]), 0
}

// grow is put for a string that does not fit, or is to lie in one piece. It
// never moves what is already there: a full chunk is left to the entries that
// point into it.
//
//go:noinline
func (a *Arena) grow(s string) unsafe.Pointer {
	n := len(a.chunk)
	if len(s) >= cap(a.chunk)-n {
		a.chunk, n = make([]byte, 0, max(chunkSize, len(s)+1)), 0
	}
	a.chunk = append(append(a.chunk, s...), 0)
	return unsafe.Pointer(&a.chunk[n])
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

// putNil is put for a string that is passed as a nil pointer when it is empty.
func (a *Arena) putNil(s string) (unsafe.Pointer, ctl) {
	if s == "" {
		return nil, 0
	}
	return a.put(s)
}

// put3tail is put for mount's four strings. The third and the fourth lie in one
// block, and tail is the distance between them: an entry has three pointers. A
// tail of 0 says that the fourth is empty and passed as nil.
func (a *Arena) put3tail(s, t, u, v string) (p, q, r unsafe.Pointer, tail uint64, c ctl) {
	if v == "" {
		p, q, r, c = a.put3(s, t, u)
		return p, q, r, 0, c
	}
	p, q, c = a.put2(s, t)
	if strings.IndexByte(u, 0) >= 0 || strings.IndexByte(v, 0) >= 0 {
		return p, q, nil, 0, ctlNoCall
	}
	return p, q, a.grow(u + "\x00" + v), uint64(len(u) + 1), c
}

// zero is what an empty slice points to, as x/sys's own _zero.
var zero uintptr

// sliceData is the address behind a slice argument: never nil.
func sliceData[T any](s []T) unsafe.Pointer {
	if len(s) == 0 {
		return unsafe.Pointer(&zero)
	}
	return unsafe.Pointer(unsafe.SliceData(s))
}

// sliceDataNil is the address behind a slice argument that may be left out.
func sliceDataNil[T any](s []T) unsafe.Pointer {
	if len(s) == 0 {
		return nil
	}
	return unsafe.Pointer(unsafe.SliceData(s))
}
