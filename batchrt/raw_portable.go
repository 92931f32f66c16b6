// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && !((amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname)

package batchrt

import "syscall"

const rawInts = 1<<6 - 1

// Syscall6 is the entry that makes the call of unix.Syscall6; its result is
// Raw's. The arguments must be integers: an address that was made a number
// does not keep what it points to alive, nor in place. For references a1 is
// argument 0.
func Syscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) Op {
	return Op{call: callSyscall6, ints: rawInts, arg: [maxArgs]uint64{
		uint64(a1), uint64(a2), uint64(a3), uint64(a4), uint64(a5), uint64(a6), uint64(trap)}}
}

// Syscall is Syscall6 for calls of up to three arguments.
func Syscall(trap, a1, a2, a3 uintptr) Op { return Syscall6(trap, a1, a2, a3, 0, 0, 0) }

// RawSyscall6 is the entry that makes the call of unix.RawSyscall6. In a batch
// it does not differ from Syscall6.
func RawSyscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) Op {
	return Syscall6(trap, a1, a2, a3, a4, a5, a6)
}

// RawSyscall is RawSyscall6 for calls of up to three arguments.
func RawSyscall(trap, a1, a2, a3 uintptr) Op { return Syscall6(trap, a1, a2, a3, 0, 0, 0) }

func callSyscall6(o *Op) {
	r1, r2, e := syscall.Syscall6(uintptr(o.arg[6]), uintptr(o.arg[0]), uintptr(o.arg[1]),
		uintptr(o.arg[2]), uintptr(o.arg[3]), uintptr(o.arg[4]), uintptr(o.arg[5]))
	o.ret, o.r2, o.errno = int64(int(r1)), r2, e
}
