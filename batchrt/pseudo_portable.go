// SPDX-License-Identifier: BSD-3-Clause

//go:build !(linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname)

package batchrt

import (
	"syscall"
	"unsafe"
)

// Load makes argument arg of a later entry the number that src holds when
// this entry's turn comes: a field that an earlier entry filled in, as a file's
// size or a descriptor. Entries count from the start of the table, parameters
// of a constructor from 0. Width and sign are those of T. The entry makes no
// system call, and its result is 0; a nil src gives EFAULT.
func Load[T word](entry, arg int, src *T) Op {
	return Op{load: true,
		arg: [maxArgs]uint64{2: uint64(widthOf[T]()), 3: uint64(entry), 5: uint64(arg)},
		ptr: [maxPtrs]unsafe.Pointer{unsafe.Pointer(src)}}
}

// loadInto carries out Load. It reports whether src could be read.
func (o *Op) loadInto(ops []Op, i int) bool {
	to, arg := int(o.arg[3]), int(o.arg[5])
	if to <= i || to >= len(ops) || uint(arg) >= maxArgs || ops[to].ints>>arg&1 == 0 || ops[to].refs>>arg&1 != 0 {
		panicEntry(i)
	}
	o.ran = true
	if o.ptr[0] == nil {
		o.ret, o.errno = -1, syscall.EFAULT
		return false
	}
	ops[to].arg[arg] = readWord(o.ptr[0], int64(o.arg[2]))
	o.ret = 0
	return true
}

// readWord reads a number of that many bytes, sign-extended if negative.
func readWord(p unsafe.Pointer, width int64) uint64 {
	switch width {
	case 4:
		return uint64(*(*uint32)(p))
	case -4:
		return uint64(*(*int32)(p))
	case 2:
		return uint64(*(*uint16)(p))
	case -2:
		return uint64(*(*int16)(p))
	case 1:
		return uint64(*(*uint8)(p))
	case -1:
		return uint64(*(*int8)(p))
	}
	return *(*uint64)(p)
}

// Const is an entry whose result is known without a call: r as the kernel
// would give it, -errno for a failure. It takes its jump like any other entry.
func Const(r int64) Op {
	return Op{call: callConst, arg: [maxArgs]uint64{uint64(r)}}
}

func callConst(o *Op) {
	o.ret = int64(o.arg[0])
	if r := o.ret; -4095 <= r && r < 0 {
		o.ret, o.errno = -1, syscall.Errno(-r)
	}
}
