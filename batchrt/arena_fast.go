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
const arenaSize = 344

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

// path fills in an entry's own part: the first pointer is to a terminated copy
// of s, the others are given. For a string that holds a NUL byte it adds
// ctlNoCall: the entry's result will be EINVAL, without a call.
//
// It copies and looks for the NUL in one go, eight bytes at a time: two calls of
// the library's fast loops cost more than most paths. Not inlined, so that the
// constructors are.
//
//go:noinline
func (a *Arena) path(c ctl, s string, p1, p2 unsafe.Pointer) opOwn {
	n := a.n
	if len(s) >= arenaSize-n {
		return a.longPath(c, s, p1, p2)
	}
	to := unsafe.Pointer(&a.buf[n])
	from := unsafe.Pointer(unsafe.StringData(s))
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	var zeros uint64
	i := 0
	for ; i+8 <= len(s); i += 8 {
		w := *(*uint64)(unsafe.Add(from, i))
		zeros |= (w - ones) &^ w & tops
		*(*uint64)(unsafe.Add(to, i)) = w
	}
	for ; i < len(s); i++ {
		b := *(*byte)(unsafe.Add(from, i))
		if b == 0 {
			zeros = 1
		}
		*(*byte)(unsafe.Add(to, i)) = b
	}
	if zeros != 0 {
		return opOwn{p2, p1, c | ctlNoCall, nil}
	}
	*(*byte)(unsafe.Add(to, i)) = 0
	a.n = n + i + 1
	return opOwn{p2, p1, c, to}
}

// longPath is path for a string that does not fit.
//
//go:noinline
func (a *Arena) longPath(c ctl, s string, p1, p2 unsafe.Pointer) opOwn {
	if strings.IndexByte(s, 0) >= 0 {
		return opOwn{p2, p1, c | ctlNoCall, nil}
	}
	return opOwn{p2, p1, c, a.grow(s)}
}

// path2 is path for constructors with two paths.
func (a *Arena) path2(c ctl, s, t string, p2 unsafe.Pointer) opOwn {
	v := a.path(c, s, nil, nil)
	w := a.path(v.ctl, t, nil, nil)
	return opOwn{p2, w.p0, w.ctl, v.p0}
}

// pathNil is path for a string that is passed as a nil pointer when it is empty.
func (a *Arena) pathNil(c ctl, s string, p1, p2 unsafe.Pointer) opOwn {
	if s == "" {
		return opOwn{p2, p1, c, nil}
	}
	return a.path(c, s, p1, p2)
}

// path4 is path for mount's four strings. The third and the fourth lie in one
// block, and tail is the distance between them: an entry has three pointers. A
// tail of 0 says that the fourth is empty and passed as nil.
func (a *Arena) path4(c ctl, s, t, u, v string) (w opOwn, tail uint64) {
	w = a.path2(c, s, t, nil)
	if v == "" {
		x := a.path(w.ctl, u, nil, nil)
		return opOwn{x.p0, w.p1, x.ctl, w.p0}, 0
	}
	if strings.IndexByte(u, 0) >= 0 || strings.IndexByte(v, 0) >= 0 {
		w.ctl |= ctlNoCall
		return w, 0
	}
	w.p2 = a.grow(u + "\x00" + v)
	return w, uint64(len(u) + 1)
}

// grow copies and terminates a string on the heap. It never moves what is already there: a full chunk is left to the entries that
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
