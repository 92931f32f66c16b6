// SPDX-License-Identifier: BSD-3-Clause

//go:build !(linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname)

package batchrt

import (
	"syscall"
	"unsafe"
)

// Op is one entry of a batch: a system call, what comes next after each
// outcome of it, and afterwards its result. An Op is a plain value:
// constructors return it, it is stored into a table, [Run] works on the table.
// A failure ends the batch unless the entry says something else ([Op.GoOn],
// [Op.Jump]). The zero Op makes no call ([Skip]).
type Op struct {
	call func(*Op)       // makes the call and stores its result; nil: the entry is left out
	arg  [maxArgs]uint64 // by parameter: integers, lengths of strings and slices; of a reference, the entry
	ptr  [maxPtrs]unsafe.Pointer

	// Results are kept as numbers: escape analysis does not tell fields apart,
	// and would take an error that is returned for all that the entry points to.
	ret   int64         // the number, or the address, that the call returned
	r2    uintptr       // of Syscall and friends
	errno syscall.Errno // 0 for none

	jneg, jzero, jpos int16 // where to go on: index + 1 + jump; negative ends the batch
	goOn              bool  // jneg counts; else a failure ends the batch
	jumped            bool  // Jump said where to go on

	ints uint8 // bit i: parameter i is an integer
	refs uint8 // bit i: parameter i is the result of entry arg[i]
	ran  bool
	load bool // a Load; its arguments are its own
	out  bool // If left it out
}

const (
	maxArgs = 7
	maxPtrs = 4
)

// notRun fills the results before a run. It is only what a reference to an
// entry that did not run reads; as a descriptor it is invalid.
const notRun = -1<<63 | 0x8000_b7b7

// GoOn lets the batch go on with the next entry when the call fails.
func (o Op) GoOn() Op {
	o.goOn = true
	return o
}

// StopOnSuccess ends the batch after this entry when the call succeeds.
func (o Op) StopOnSuccess() Op { return o.StopOnZero().StopOnPositive() }

// StopOnZero ends the batch after this entry when its result is 0.
func (o Op) StopOnZero() Op {
	if !o.jumped {
		o.jzero = -1
	}
	return o
}

// StopOnPositive ends the batch after this entry when it succeeds with
// another result than 0.
func (o Op) StopOnPositive() Op {
	if !o.jumped {
		o.jpos = -1
	}
	return o
}

// Jump says where to go on after a failure, after the result 0, and after any
// other result: that many entries are skipped. A negative jump, and one past
// the last entry, ends the batch. It takes the place of what GoOn and its
// like say.
func (o Op) Jump(neg, zero, pos int16) Op {
	o.goOn, o.jumped, o.jneg, o.jzero, o.jpos = true, true, neg, zero, pos
	return o
}

// If leaves the entry out where cond is false: it makes no call, counts as
// not run, and the batch goes on with the next entry.
func (o Op) If(cond bool) Op {
	o.out = o.out || !cond
	return o
}

// Skip is an entry that makes no call, counts as not run, and goes on with the
// next one. A reference to it reads what one to any entry that did not run does.
func Skip() Op { return Op{} }

// skipped reports whether the entry is left out of the batch.
func (o *Op) skipped() bool { return o.out || o.call == nil && !o.load }

// FD makes argument 0 the result of an earlier entry of the same table,
// counted from its start: the descriptor that an open or socket gave.
func (o Op) FD(entry int) Op { return o.Ref(0, entry) }

// Ref makes argument arg (parameters of the constructor count from 0, the
// numbers of Syscall and friends not counted) the result of an earlier entry
// of the same table, counted from its start. It panics when that argument is
// no integer. The raw result is taken, so an entry that can be left out or
// that goes on after a failure must not be referred to in that case: -errno is
// not the -1 that a Go wrapper returns.
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
