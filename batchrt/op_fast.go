// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

import "unsafe"

// Op is one entry of a batch: a system call, what comes next after each
// outcome of it, and afterwards its result. An Op is a plain value:
// constructors return it, it is stored into a table, [Run] works on the table.
// A failure ends the batch unless the entry says something else ([Op.GoOn],
// [Op.Jump]). The zero Op makes no call ([Skip]).
type Op struct {
	// The first 64 bytes are the kernel's struct batch_call (batch_uapi.h), so
	// that a table needs no translation on its way to the module: the size of an
	// Op is the request's stride. What follows is this package's own.
	//
	// An Op is too large for the compiler to keep in registers. It builds one in
	// the place where it is to be, and copies nothing, if no more than four words
	// of it are given and the rest is zero. So what a constructor knows beforehand
	// (the call's number, constant arguments, which register is what) is not
	// stored by it but stands in a table of shapes, and Run fills it in.

	head   uint64 // nr, jneg, jzero, jpos: four int16, lowest first; fill's, but for what Jump said
	ret    int64  // raw result, or notRun
	a0, a1 uint64 // registers; those that hold addresses or constants are filled in by fill
	a2, a3 uint64
	a4, a5 uint64

	// The addresses behind pointer registers, typed so that the collector
	// and the stack copier see and adjust them. They become numbers only
	// inside fill, where the goroutine's stack cannot move.
	p0, p1 unsafe.Pointer
	ctl    ctl
	p2     unsafe.Pointer
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
	_ [56]byte     = [unsafe.Offsetof(Op{}.a5)]byte{}
	_ [80]byte     = [unsafe.Offsetof(Op{}.ctl)]byte{}
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

// ctl says what an entry is and how its registers are made.
//
//	bits 0-8    its shape
//	bit  9      call: it is one; an entry without is skipped
//	bits 10-12  goOn, stopZero, stopPos: the jumps that differ from the usual
//	bit  13     jumps: they are in the upper 48 bits of head instead
//	bit  14     noCall: the wrapper would have returned EINVAL without a call
//	bit  15     odd: the shape's tail register is the string imm bytes behind p2, or
//	            the call's number is imm
//	bits 16-21  refs: register i is the result of entry a[i]
//	bit  22     pseudo: head's number names no system call
//	bit  23     wide: a5 is no register but a value whose address is passed
//	bits 24-31  1 once the entry ran
//	bits 32-63  imm: a value whose address is passed, or what odd says
type ctl uint64

const (
	ctlShape    ctl = 1<<9 - 1
	ctlCall     ctl = 1 << 9
	ctlGoOn     ctl = 1 << 10
	ctlStopZero ctl = 1 << 11
	ctlStopPos  ctl = 1 << 12
	ctlJumps    ctl = 1 << 13
	ctlNoCall   ctl = 1 << 14
	ctlOdd      ctl = 1 << 15
	ctlRefs     ctl = 0x3f << refShift
	ctlPseudo   ctl = 1 << 22
	ctlWide     ctl = 1 << 23
	ctlRan      ctl = 1 << 24

	ctlStops = ctlGoOn | ctlStopZero | ctlStopPos
	// Run has to look closer at an entry that has any of these but ctlCall.
	ctlRare = ctlCall | ctlJumps | ctlNoCall | ctlOdd | ctlRefs | ctlPseudo | ctlWide

	stopShift = 10
	refShift  = 16
	immShift  = 32
)

const jumpNeg, jumpZero, jumpPos = 16, 32, 48 // shifts within head

// GoOn lets the batch go on with the next entry when the call fails.
func (o Op) GoOn() Op {
	o.ctl |= ctlGoOn
	return o
}

// StopOnSuccess ends the batch after this entry when the call succeeds.
func (o Op) StopOnSuccess() Op {
	o.ctl |= ctlStopZero | ctlStopPos
	return o
}

// StopOnZero ends the batch after this entry when its result is 0.
func (o Op) StopOnZero() Op {
	o.ctl |= ctlStopZero
	return o
}

// StopOnPositive ends the batch after this entry when it succeeds with
// another result than 0.
func (o Op) StopOnPositive() Op {
	o.ctl |= ctlStopPos
	return o
}

// Jump says where to go on after a failure, after the result 0, and after any
// other result: that many entries are skipped. A negative jump, and one past
// the last entry, ends the batch. It takes the place of what GoOn and its
// like say.
func (o Op) Jump(neg, zero, pos int16) Op {
	o.head = uint64(uint16(neg))<<jumpNeg | uint64(uint16(zero))<<jumpZero | uint64(uint16(pos))<<jumpPos
	o.ctl |= ctlJumps
	return o
}

// If leaves the entry out where cond is false: it makes no call, counts as
// not run, and the batch goes on with the next entry.
func (o Op) If(cond bool) Op {
	out := ctlCall
	if cond {
		out = 0
	}
	o.ctl &^= out
	return o
}

// Skip is an entry that makes no call, counts as not run, and goes on with the
// next one. A reference to it reads what one to any entry that did not run does.
func Skip() Op { return Op{} }

// FD makes argument 0 the result of an earlier entry of the same table,
// counted from its start: the descriptor that an open or socket gave. For an
// entry whose argument 0 is not its first register (MmapPtr) Run panics: say
// Ref(0, entry).
func (o Op) FD(entry int) Op {
	o.a0 = uint64(entry)
	o.ctl |= 1 << refShift
	return o
}

// Ref makes argument arg (parameters of the constructor count from 0, the
// numbers of Syscall and friends not counted) the result of an earlier entry
// of the same table, counted from its start. It panics when that argument is
// no integer. The raw result is taken, so an entry that can be left out or
// that goes on after a failure must not be referred to in that case: -errno is
// not the -1 that a Go wrapper returns.
func (o Op) Ref(arg, entry int) Op {
	r := o.register(arg)
	if r < 0 {
		panicRef(arg)
	}
	o.ctl |= 1 << (refShift + r)
	*o.arg(r) = uint64(entry)
	return o
}

// arg gives register r, counted from 0.
func (o *Op) arg(r int) *uint64 {
	return [6]*uint64{&o.a0, &o.a1, &o.a2, &o.a3, &o.a4, &o.a5}[r]
}

// register gives the register of parameter arg, or -1 if it has none of its own.
func (o *Op) register(arg int) int {
	if uint(arg) >= 6 {
		return -1
	}
	return int(shapes[o.ctl&ctlShape].params>>(3*arg)&7) - 1
}

// nr is the number of the call that the entry makes.
//
//go:nosplit
//go:norace
//go:nocheckptr
func (o *Op) nr() uint64 {
	if o.ctl&ctlShape == shapeRaw {
		return uint64(o.ctl >> immShift)
	}
	return shapes[o.ctl&ctlShape].at >> shapeNR
}

// skipped reports whether the entry is left out of the batch.
func (o *Op) skipped() bool { return o.ctl&ctlCall == 0 }

// Ran reports whether the last Run reached the entry.
func (o *Op) Ran() bool { return o.ctl&ctlRan != 0 }
