// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

import "unsafe"

// Op is one entry of a batch: a system call, what comes next after each
// outcome of it, and afterwards its result. An Op is a plain value:
// constructors return it, it is stored into an array, [Run] works on the array.
//
// The first 64 bytes are the kernel's struct batch_call (batch_uapi.h), so
// that a table needs no translation on its way to the module: the size of an
// Op is the request's stride. What follows is this package's own.
type Op struct {
	// Each part has four words. That is as much as the compiler keeps out of
	// memory: it then sees through a constructor and the methods behind it,
	// instead of copying whole entries, and a copy would stall on wide loads
	// of what was just written by narrow stores.
	opFirst
	opRest
	opOwn
}

// opFirst and opRest are the kernel's struct batch_call. Registers that hold
// addresses are filled in by bracket.
type opFirst struct {
	head   uint64 // nr, jneg, jzero, jpos: four int16, lowest first
	ret    int64  // raw result, or notRun
	a0, a1 uint64
}

type opRest struct{ a2, a3, a4, a5 uint64 }

// opOwn is not the kernel's.
type opOwn struct {
	// The addresses behind pointer registers, typed so that the collector
	// and the stack copier see and adjust them. They become numbers only
	// inside fill, where the goroutine's stack cannot move. (The order of the
	// fields is such that the compiler drops stores of nil early.)
	p2, p1 unsafe.Pointer
	ctl    ctl // how the registers are made
	p0     unsafe.Pointer
}

const (
	maxPtrs = 3
	opSize  = 96 // the assembly loops know it too
)

// The assembly loops and the kernel rely on these offsets.
var (
	_ [opSize]byte = [unsafe.Sizeof(Op{})]byte{}
	_ [8]byte      = [unsafe.Offsetof(Op{}.ret)]byte{}
	_ [16]byte     = [unsafe.Offsetof(Op{}.a0)]byte{}
	_ [32]byte     = [unsafe.Offsetof(Op{}.opRest)]byte{}
	_ [64]byte     = [unsafe.Offsetof(Op{}.opOwn)]byte{}
	_ [80]byte     = [unsafe.Offsetof(Op{}.opOwn) + unsafe.Offsetof(opOwn{}.ctl)]byte{}
)

// Pseudo calls, as in batch_uapi.h.
const (
	nrWdcpy = 0xfffe // -2: *(*int64)(arg[0]) = the word at arg[1], of width arg[2]
	nrConst = 0xfffd // -3: the result is arg[0]
	nrNone  = 0x7fff // no system call has it
)

// notRun fills the result slots before a run. It is only what a reference to
// an entry that did not run reads (as a descriptor it is invalid, as an errno
// out of range): whether an entry ran is told by ctlRan, so no result that the
// kernel could ever give is taken for it.
const notRun = -1<<63 | 0x8000_b7b7

// ctl says how an entry's registers are made.
//
//	bits 0-5    refs: register i is the result of entry arg[i]
//	bit  6      imm: arg[5] is no register but a value whose address is passed, or a tail's distance
//	bit  7      pseudo: the number names no system call
//	bit  8      nocall: the wrapper would have returned EINVAL without a call
//	bits 16-27  register + 1 for ptr[0], ptr[1], ptr[2] and imm, three bits each; 0 = none
//	bits 28-45  register + 1 for each Go parameter, three bits each; 0 = no plain integer
//	bits 46-48  register + 1 of the string arg[5] bytes behind ptr[2], nil if that is 0; 0 = none
//	bits 56-63  1 once the entry ran
type ctl uint64

const (
	ctlRefs   ctl = 0x3f
	ctlImm    ctl = 1 << 6
	ctlPseudo ctl = 1 << 7
	ctlNoCall ctl = 1 << 8
	ctlRan    ctl = 1 << 56

	ctlRare = ctlRefs | ctlPseudo | ctlNoCall | 7<<ctlTail // prepare has to look at it

	ctlPtr   = 16 // shift of the pointer registers
	ctlParam = 28 // shift of the parameter map
	ctlTail  = 46 // shift of the tail's register
)

const jumpNeg, jumpZero, jumpPos = 16, 32, 48 // shifts within head

// known says nil for the pointers that ctl does not use. It is a constant in
// most constructors, and the compiler does not find out by itself that what
// they did not mention is nil; once told so it keeps no copy of the entry.
func (w opOwn) known() opOwn {
	if w.ctl>>ctlPtr&7 == 0 {
		w.p0 = nil
	}
	if w.ctl>>(ctlPtr+3)&7 == 0 {
		w.p1 = nil
	}
	if w.ctl>>(ctlPtr+6)&7 == 0 {
		w.p2 = nil
	}
	return w
}

// OrStop ends the batch after this entry when the call fails.
func (o Op) OrStop() Op {
	f, r, w := o.opFirst, o.opRest, o.opOwn.known()
	f.head |= 0xffff << jumpNeg
	return Op{f, r, w}
}

// StopOnSuccess ends the batch after this entry when the call succeeds.
func (o Op) StopOnSuccess() Op {
	f, r, w := o.opFirst, o.opRest, o.opOwn.known()
	f.head |= 0xffff<<jumpZero | 0xffff<<jumpPos
	return Op{f, r, w}
}

// StopOnZero ends the batch after this entry when its result is 0.
func (o Op) StopOnZero() Op {
	f, r, w := o.opFirst, o.opRest, o.opOwn.known()
	f.head |= 0xffff << jumpZero
	return Op{f, r, w}
}

// StopOnPositive ends the batch after this entry when it succeeds with
// another result than 0.
func (o Op) StopOnPositive() Op {
	f, r, w := o.opFirst, o.opRest, o.opOwn.known()
	f.head |= 0xffff << jumpPos
	return Op{f, r, w}
}

// Jump says where to go on after a failure, after the result 0, and after any
// other result: that many entries are skipped. A negative jump, and one past
// the last entry, ends the batch.
func (o Op) Jump(neg, zero, pos int16) Op {
	f, r, w := o.opFirst, o.opRest, o.opOwn
	f.head = f.head&0xffff | uint64(uint16(neg))<<jumpNeg |
		uint64(uint16(zero))<<jumpZero | uint64(uint16(pos))<<jumpPos
	return Op{f, r, w}
}

// FD makes argument 0 the result of an earlier entry of the same table,
// counted from its start: the descriptor that an open or socket gave. For an
// entry whose argument 0 is not its first register (MmapPtr) Run panics: say
// Ref(0, entry).
func (o Op) FD(entry int) Op {
	f, r, w := o.opFirst, o.opRest, o.opOwn.known()
	if w.ctl>>ctlParam&7 == 1 {
		f.a0 = uint64(entry)
		w.ctl |= 1 << 0
	} else {
		r.a5 = badEntry
		w.ctl |= 1 << 5
	}
	return Op{f, r, w}
}

// badEntry is an entry that no table has: fill refuses a reference to it.
const badEntry = 1<<64 - 1

// Ref makes argument arg (parameters of the constructor count from 0, the
// numbers of Syscall and friends not counted) the result of an earlier entry
// of the same table, counted from its start. It panics when that argument is
// no integer. The raw result is taken, so an entry that can fail or be skipped
// must end the batch in that case (OrStop): -errno is not the -1 that a Go
// wrapper returns.
func (o Op) Ref(arg, entry int) Op {
	r := o.ctl.register(arg)
	if r < 0 {
		panicRef(arg)
	}
	o.ctl |= 1 << r
	*o.arg(r) = uint64(entry)
	return o
}

// arg gives register r, counted from 0.
func (o *Op) arg(r int) *uint64 {
	return [6]*uint64{&o.a0, &o.a1, &o.a2, &o.a3, &o.a4, &o.a5}[r]
}

// register gives the register of parameter arg, or -1 if it has none of its own.
func (c ctl) register(arg int) int {
	if uint(arg) >= 6 {
		return -1
	}
	return int(c>>(ctlParam+3*arg)&7) - 1
}

// Ran reports whether the last Run reached the entry.
func (o *Op) Ran() bool { return o.ctl >= ctlRan }
