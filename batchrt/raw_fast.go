// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

// rawCtl is the ctl of an entry with a number that was computed: one outside
// the kernel's table is ENOSYS, and never one of ours.
func rawCtl(trap uintptr) ctl {
	if trap > nrNone {
		trap = nrNone
	}
	return ctlCall | ctlOdd | shapeRaw | ctl(trap)<<immShift
}

// Syscall6 is the entry that makes the call of unix.Syscall6; its result is
// Raw's. The arguments must be integers: an address that was made a number
// does not keep what it points to alive, nor in place. For references a1 is
// argument 0.
func Syscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) Op {
	return Op{a0: uint64(a1), a1: uint64(a2), a2: uint64(a3), a3: uint64(a4), a4: uint64(a5), a5: uint64(a6),
		ctl: rawCtl(trap)}
}

// Syscall is Syscall6 for calls of up to three arguments.
func Syscall(trap, a1, a2, a3 uintptr) Op {
	return Op{a0: uint64(a1), a1: uint64(a2), a2: uint64(a3), ctl: rawCtl(trap)}
}

// RawSyscall6 is the entry that makes the call of unix.RawSyscall6. In a batch
// it does not differ from Syscall6.
func RawSyscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) Op {
	return Syscall6(trap, a1, a2, a3, a4, a5, a6)
}

// RawSyscall is RawSyscall6 for calls of up to three arguments.
func RawSyscall(trap, a1, a2, a3 uintptr) Op { return Syscall(trap, a1, a2, a3) }
