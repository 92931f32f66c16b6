// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

import (
	"unsafe"
)

const einval = 1<<64 - 22 // -EINVAL

// loadToArg in a4 of a wdcpy entry says that a3 and a5 name the
// argument to which it copies.
const loadToArg = 0xb7

// Load makes argument arg of a later entry the number that src holds when
// this entry's turn comes: a field that an earlier entry filled in, as a file's
// size or a descriptor. Entries count from the start of the table, parameters
// of a constructor from 0. Width and sign are those of T. The entry makes no
// system call, and its result is 0; a nil src gives EFAULT.
func Load[T word](entry, arg int, src *T) Op {
	return Op{opFirst{head: nrWdcpy},
		opRest{uint64(widthOf[T]()), uint64(entry), loadToArg, uint64(arg)},
		opOwn{ctl: ctlPseudo | 2<<ctlPtr, p0: unsafe.Pointer(src)}}
}

// Const is an entry whose result is known without a call: r as the kernel
// would give it, -errno for a failure. It takes its jump like any other entry.
func Const(r int64) Op {
	return Op{opFirst: opFirst{head: nrConst, a0: uint64(r)}, opOwn: opOwn{ctl: ctlPseudo}}
}
