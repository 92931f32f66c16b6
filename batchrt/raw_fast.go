// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

// ctlRawParams maps the arguments a1 to a6 to the registers 0 to 5.
const ctlRawParams ctl = 1<<ctlParam | 2<<(ctlParam+3) | 3<<(ctlParam+6) |
	4<<(ctlParam+9) | 5<<(ctlParam+12) | 6<<(ctlParam+15)

// rawHead is the head of an entry with a number that was computed: one outside
// the kernel's table is ENOSYS, and never one of ours.
func rawHead(trap uintptr) (head uint64) {
	if trap > 0x7fff {
		return nrNone
	}
	return uint64(trap)
}

// Syscall6 is the entry that makes the call of unix.Syscall6; its result is
// Raw's. The arguments must be integers: an address that was made a number
// does not keep what it points to alive, nor in place. For references a1 is
// argument 0.
func Syscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) Op {
	return Op{opFirst{rawHead(trap), 0, uint64(a1), uint64(a2)},
		opRest{uint64(a3), uint64(a4), uint64(a5), uint64(a6)}, opOwn{ctl: ctlRawParams}}
}

// Syscall is Syscall6 for calls of up to three arguments.
func Syscall(trap, a1, a2, a3 uintptr) Op {
	return Op{opFirst{rawHead(trap), 0, uint64(a1), uint64(a2)},
		opRest{a2: uint64(a3)}, opOwn{ctl: ctlRawParams}}
}

// RawSyscall6 is the entry that makes the call of unix.RawSyscall6. In a batch
// it does not differ from Syscall6.
func RawSyscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) Op {
	return Syscall6(trap, a1, a2, a3, a4, a5, a6)
}

// RawSyscall is RawSyscall6 for calls of up to three arguments.
func RawSyscall(trap, a1, a2, a3 uintptr) Op { return Syscall(trap, a1, a2, a3) }
