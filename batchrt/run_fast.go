// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

import "unsafe"

// maxRun is how many entries run between two hand-shakes with the scheduler.
// While they run the scheduler may take the thread's processor away and give
// it to other goroutines, as during any system call, so nobody waits for
// them; but this goroutine's own preemption does.
const maxRun = 64

// Run runs a table. Entries run one at a time, in order, in the calling
// thread, beginning with the first; each outcome picks the next entry (see
// Op.Jump). An empty table is fine.
func Run(ops []Op) {
	n := len(ops)
	switch {
	case n == 0:
		return
	case module.usable():
		runModule(ops)
	case n <= maxRun:
		if next := bracket(&ops[0], 0, n, n); next <= 0 {
			panicEntry(-next)
		}
	default:
		forget(ops[maxRun:])
		emulate(ops, 0)
	}
	if counting.Load() {
		count(ops)
	}
}

// forget marks entries as not run.
func forget(ops []Op) {
	for i := range ops {
		ops[i].ret = notRun
		ops[i].ctl &^= ctlRan
	}
}

// emulate runs a table from entry pos on by plain system calls.
func emulate(ops []Op, pos int) {
	n := len(ops)
	for pos < n {
		next := bracket(&ops[0], pos, min(n, pos+maxRun), n)
		if next <= pos {
			panicEntry(pos - next)
		}
		pos = next
	}
}

// bracket prepares the entries pos to end-1 of a table of n and runs from pos
// on until the next entry is not among them. It returns the number of that
// entry, n or more when the batch has ended, or pos - i when entry i refers to
// what it must not.
//
// The goroutine's stack, where the table and what it points to usually are,
// must not move from the moment that addresses are made numbers: so this
// function and what it calls have no stack checks (nosplit) and with that no
// points where they could be preempted, and it is not inlined into one that has.
//
//go:nosplit
//go:noinline
//go:norace
//go:nocheckptr
func bracket(ops *Op, pos, end, n int) int {
	if bad := fill(ops, pos, end, n); bad >= 0 {
		return pos - bad
	}
	entersyscall()
	next := loop(ops, pos, end)
	exitsyscall()
	return next
}

// fill makes the entries pos to end-1 ready for the kernel (head, and the
// registers that are addresses or constants) and marks them as not run. It
// returns the number of an entry that refers to what it must not, or -1.
//
// A pointer or constant that belongs to no register is stored too, where it
// does no harm: that is cheaper than a branch, which a system call leaves hard
// to predict.
//
//go:nosplit
//go:norace
//go:nocheckptr
func fill(ops *Op, pos, end, n int) int {
	o := (*Op)(unsafe.Add(unsafe.Pointer(ops), uintptr(pos)*opSize))
	for i := pos; i < end; i++ {
		c := o.ctl &^ ctlRan
		s := &shapes[c&ctlShape]
		at := s.at
		*o.word(at) = uintptr(o.p0)
		*o.word(at >> 8) = uintptr(o.p1)
		*o.word(at >> 16) = uintptr(o.p2)
		*o.word(at >> shapeImm) = uintptr(unsafe.Pointer(&o.ctl)) + immShift/8
		*o.word(at >> 32) = uintptr(s.c0)
		*o.word(at >> 40) = uintptr(s.c1)
		o.ret = notRun
		o.ctl = c
		if c&ctlRare == ctlCall {
			o.head = at>>shapeNR | stops[c>>stopShift&7]
		} else if !prepare(o, i) || c.carries() && !aim(ops, o, i, n) {
			return i
		}
		o = (*Op)(unsafe.Add(unsafe.Pointer(o), opSize))
	}
	return -1
}

// word is the one that lies offset&0xff bytes from the Op's start.
//
//go:nosplit
//go:norace
//go:nocheckptr
func (o *Op) word(offset uint64) *uintptr {
	return (*uintptr)(unsafe.Add(unsafe.Pointer(o), uintptr(uint8(offset))))
}

// slot is register r, counted from 1.
//
//go:nosplit
//go:norace
//go:nocheckptr
func (o *Op) slot(r uint32) *uintptr {
	return (*uintptr)(unsafe.Add(unsafe.Pointer(o), nowhere+8*(r&7)))
}

// stops are the jumps that GoOn and its like ask for, by their bits.
var stops = [8]uint64{
	0: 0xffff << jumpNeg,
	2: 0xffff<<jumpNeg | 0xffff<<jumpZero,
	3: 0xffff << jumpZero,
	4: 0xffff<<jumpNeg | 0xffff<<jumpPos,
	5: 0xffff << jumpPos,
	6: 0xffff<<jumpNeg | 0xffff<<jumpZero | 0xffff<<jumpPos,
	7: 0xffff<<jumpZero | 0xffff<<jumpPos,
}

// prepare is the rest of fill for an entry i that is not like most. It reports
// whether the entries that it refers to are where they must be. (It leaves aim to
// its caller: what has no stack checks must not be nested deep.)
//
//go:nosplit
//go:norace
//go:nocheckptr
func prepare(o *Op, i int) bool {
	c := o.ctl
	jumps := o.head &^ 0xffff
	if c&ctlJumps == 0 {
		jumps = stops[c>>stopShift&7]
	}
	if c&(ctlCall|ctlNoCall) != ctlCall {
		o.head, o.a0 = nrConst|jumps, einval
		if c&ctlCall == 0 {
			o.head, o.a0 = nrConst, notRun&(1<<64-1)
		}
		o.ctl = c&^ctlRefs | ctlPseudo
		return true
	}
	s := &shapes[c&ctlShape]
	o.head = o.nr() | jumps
	if c&ctlWide != 0 {
		*o.word(s.at >> shapeImm) = uintptr(unsafe.Pointer(&o.a5))
	}
	if c&ctlOdd != 0 && c&ctlShape != shapeRaw {
		var p uintptr
		if d := uintptr(c >> immShift); d != 0 {
			p = uintptr(o.p2) + d
		}
		*o.slot(s.params >> shapeTail) = p
	}

	list := uint32(c & ctlRefs >> refShift)
	if list&^(s.params>>shapeInts) != 0 {
		return false
	}
	for r := uint32(1); list != 0; r++ {
		if list&1 != 0 && uint64(*o.slot(r)) >= uint64(i) {
			return false
		}
		list >>= 1
	}
	return true
}

// carries reports whether the entry is a Load that is not left out.
//
//go:nosplit
//go:norace
//go:nocheckptr
func (c ctl) carries() bool { return c&(ctlShape|ctlCall|ctlNoCall) == shapeWdcpy|ctlCall }

// aim finds the register that a Load writes to: that of parameter a5 of entry
// a3. It reports whether there is one.
//
//go:nosplit
//go:norace
//go:nocheckptr
func aim(ops, o *Op, i, n int) bool {
	to := int(o.a3)
	if to <= i || to >= n || o.a5 >= 6 {
		return false
	}
	t := (*Op)(unsafe.Add(unsafe.Pointer(ops), uintptr(to)*opSize))
	r := shapes[t.ctl&ctlShape].params >> (3 * o.a5) & 7
	// A number must not take the place of a reference.
	if r == 0 || t.ctl>>(refShift+r-1)&1 != 0 {
		return false
	}
	o.a0 = uint64(uintptr(unsafe.Pointer(t.slot(r))))
	return true
}

// loop is the emulator: it runs entries from pos on by SYSCALL instructions
// until the next one is not below end, and returns its number; a negative jump
// counts as one to the largest number.
//
//go:noescape
func loop(ops *Op, pos, end int) int

// The scheduler's hand-shake, as package syscall does it. Both symbols are
// published by the runtime for that use.

//go:linkname entersyscall runtime.entersyscall
func entersyscall()

//go:linkname exitsyscall runtime.exitsyscall
func exitsyscall()
