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

// chunkSize is what an Arena takes from the heap at first, and at least; each
// further piece is twice as large, so that one that is used again and again
// soon has a piece in which all fits.
const chunkSize = 1024

// Arena holds the NUL-terminated copies of the paths of a table's entries, and
// its encoded socket addresses; the constructors that take these are its methods. The zero value is ready. It
// belongs on the stack, beside the table; what does not fit goes to the heap,
// at any length. It must stay unchanged until the table has run.
type Arena struct {
	n     int    // bytes of buf in use
	chunk []byte // heap: length in use, capacity to come
	buf   [arenaSize]byte
}

// Reset forgets all that the Arena holds, for a table that is built anew: no table
// with paths or addresses from before may be run again. What the Arena took from the heap it keeps and
// uses again.
func (a *Arena) Reset() { a.n, a.chunk = 0, a.chunk[:0] }

// path copies a string and terminates it. For one that holds a NUL byte it
// returns ctlNoCall: the entry's result will be EINVAL, without a call.
//
// It copies and looks for the NUL in one go, eight bytes at a time: two calls of
// the library's fast loops cost more than most paths. Not inlined, so that the
// constructors are.
//
//go:noinline
func (a *Arena) path(s string) (unsafe.Pointer, ctl) {
	n := a.n
	if len(s) >= arenaSize-n {
		return a.longPath(s)
	}
	to := unsafe.Pointer(&a.buf[n])
	from := unsafe.Pointer(unsafe.StringData(s))
	var zeros uint64
	if len(s) >= 8 {
		// The last word overlaps the one before.
		last := len(s) - 8
		for i := 0; i < last; i += 8 {
			w := *(*uint64)(unsafe.Add(from, i))
			zeros |= zeroByte(w)
			*(*uint64)(unsafe.Add(to, i)) = w
		}
		w := *(*uint64)(unsafe.Add(from, last))
		zeros |= zeroByte(w)
		*(*uint64)(unsafe.Add(to, last)) = w
	} else {
		for i := 0; i < len(s); i++ {
			b := *(*byte)(unsafe.Add(from, i))
			zeros |= (uint64(b) - 1) >> 63
			*(*byte)(unsafe.Add(to, i)) = b
		}
	}
	if zeros != 0 {
		return nil, ctlNoCall
	}
	*(*byte)(unsafe.Add(to, len(s))) = 0
	a.n = n + len(s) + 1
	return to, 0
}

// zeroByte is not 0 if one of the word's bytes is.
func zeroByte(w uint64) uint64 {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	return (w - ones) &^ w & tops
}

// longPath is path for a string that does not fit.
//
//go:noinline
func (a *Arena) longPath(s string) (unsafe.Pointer, ctl) {
	if strings.IndexByte(s, 0) >= 0 {
		return nil, ctlNoCall
	}
	return a.grow(s), 0
}

// pathNil is path for a string that is passed as a nil pointer when it is empty.
func (a *Arena) pathNil(s string) (unsafe.Pointer, ctl) {
	if s == "" {
		return nil, 0
	}
	return a.path(s)
}

// tail is path for two strings that lie in one block, since an entry has only
// three pointers: mount's third and fourth. The second begins imm bytes
// behind the first; with an imm of 0 it is empty and passed as nil.
func (a *Arena) tail(s, t string) (unsafe.Pointer, ctl) {
	if t == "" {
		return a.path(s)
	}
	if strings.IndexByte(s, 0) >= 0 || strings.IndexByte(t, 0) >= 0 {
		return nil, ctlNoCall
	}
	// The kernel looks at no more of such a string than a page, to refuse it.
	s = s[:min(len(s), 1<<20)]
	return a.grow(s + "\x00" + t), ctl(len(s)+1) << immShift
}

// grow copies and terminates a string on the heap. It never moves what is
// already there: a full chunk is left to the entries that point into it.
//
//go:noinline
func (a *Arena) grow(s string) unsafe.Pointer {
	n := len(a.chunk)
	if len(s) >= cap(a.chunk)-n {
		a.chunk, n = make([]byte, 0, max(chunkSize, 2*cap(a.chunk), len(s)+1)), 0
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
