// SPDX-License-Identifier: BSD-3-Clause

//go:build !(linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname)

package batchrt

import (
	"syscall"
	"unsafe"
)

// Op is one entry of a batch: a system call, what comes next after each
// outcome of it, and afterwards its result. An Op is a plain value:
// constructors return it, it is stored into an array, [Run] works on the array.
type Op struct {
	call func(*Op)       // makes the call and stores its result
	arg  [maxArgs]uint64 // by parameter: integers, lengths of strings and slices; of a reference, the entry
	ptr  [maxPtrs]unsafe.Pointer

	// Results are kept as numbers: escape analysis does not tell fields apart,
	// and would take an error that is returned for all that the entry points to.
	ret   int64         // the number, or the address, that the call returned
	r2    uintptr       // of Syscall and friends
	errno syscall.Errno // 0 for none

	jneg, jzero, jpos int16 // where to go on: index + 1 + jump; negative ends the batch

	ints uint8 // bit i: parameter i is an integer
	refs uint8 // bit i: parameter i is the result of entry arg[i]
	ran  bool
	load bool // a Load; its arguments are its own
}

const (
	maxArgs = 7
	maxPtrs = 4
)

// notRun fills the results before a run. It is only what a reference to an
// entry that did not run reads; as a descriptor it is invalid.
const notRun = -1<<63 | 0x8000_b7b7

// OrStop ends the batch after this entry when the call fails.
func (o Op) OrStop() Op {
	o.jneg = -1
	return o
}

// StopOnSuccess ends the batch after this entry when the call succeeds.
func (o Op) StopOnSuccess() Op {
	o.jzero, o.jpos = -1, -1
	return o
}

// StopOnZero ends the batch after this entry when its result is 0.
func (o Op) StopOnZero() Op {
	o.jzero = -1
	return o
}

// StopOnPositive ends the batch after this entry when it succeeds with
// another result than 0.
func (o Op) StopOnPositive() Op {
	o.jpos = -1
	return o
}

// Jump says where to go on after a failure, after the result 0, and after any
// other result: that many entries are skipped. A negative jump, and one past
// the last entry, ends the batch.
func (o Op) Jump(neg, zero, pos int16) Op {
	o.jneg, o.jzero, o.jpos = neg, zero, pos
	return o
}

// FD makes argument 0 the result of an earlier entry of the same table,
// counted from its start: the descriptor that an open or socket gave.
func (o Op) FD(entry int) Op { return o.Ref(0, entry) }

// Ref makes argument arg (parameters of the constructor count from 0, the
// numbers of Syscall and friends not counted) the result of an earlier entry
// of the same table, counted from its start. It panics when that argument is
// no integer. The raw result is taken, so an entry that can fail or be skipped
// must end the batch in that case (OrStop): -errno is not the -1 that a Go
// wrapper returns.
func (o Op) Ref(arg, entry int) Op {
	if uint(arg) >= maxArgs || o.ints>>arg&1 == 0 {
		panicRef(arg)
	}
	o.refs |= 1 << arg
	o.arg[arg] = uint64(entry)
	return o
}

// Ran reports whether the last Run reached the entry.
func (o *Op) Ran() bool { return o.ran }
