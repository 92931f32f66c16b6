// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

import (
	"unsafe"
)

const einval = 1<<64 - 22 // -EINVAL

// Load makes argument arg of a later entry the number that src holds when
// this entry's turn comes: a field that an earlier entry filled in, as a file's
// size or a descriptor. Entries count from the start of the table, parameters
// of a constructor from 0. Width and sign are those of T. The entry makes no
// system call, and its result is 0; a nil src gives EFAULT.
func Load[T word](entry, arg int, src *T) Op {
	return Op{a2: uint64(widthOf[T]()), a3: uint64(entry), a5: uint64(arg),
		ctl: ctlCall | ctlPseudo | shapeWdcpy, p0: unsafe.Pointer(src)}
}

// Const is an entry whose result is known without a call: r as the kernel
// would give it, -errno for a failure. It takes its jump like any other entry.
func Const(r int64) Op {
	return Op{a0: uint64(r), ctl: ctlCall | ctlPseudo | shapeConstant}
}
