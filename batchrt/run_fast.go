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
	if bad := fill(ops, pos, end, n, true); bad >= 0 {
		return pos - bad
	}
	entersyscall()
	next := loop(ops, pos, end)
	exitsyscall()
	return next
}

// fill writes the addresses of the entries pos to end-1 into their registers
// and marks the entries as not run. It returns the number of an entry that
// refers to what it must not, or -1. With refs false the references have been
// replaced by what they refer to.
//
//go:nosplit
//go:norace
//go:nocheckptr
func fill(ops *Op, pos, end, n int, refs bool) int {
	o := (*Op)(unsafe.Add(unsafe.Pointer(ops), uintptr(pos)*opSize))
	for i := pos; i < end; i++ {
		// Register r is at o + 8 + 8*r when counted from 1. What belongs to no
		// register goes to the result's slot, which is written last: that is
		// cheaper than a branch, which a system call leaves hard to predict.
		c := o.ctl &^ ctlRan
		*(*uintptr)(unsafe.Add(unsafe.Pointer(o), 8+8*(uintptr(c>>ctlPtr)&7))) = uintptr(o.p0)
		*(*uintptr)(unsafe.Add(unsafe.Pointer(o), 8+8*(uintptr(c>>(ctlPtr+3))&7))) = uintptr(o.p1)
		*(*uintptr)(unsafe.Add(unsafe.Pointer(o), 8+8*(uintptr(c>>(ctlPtr+6))&7))) = uintptr(o.p2)
		*(*uintptr)(unsafe.Add(unsafe.Pointer(o), 8+8*(uintptr(c>>(ctlPtr+9))&7))) = uintptr(unsafe.Pointer(&o.a5))
		o.ret = notRun
		o.ctl = c
		if c&ctlRare != 0 && !prepare(ops, o, i, n, refs) {
			return i
		}
		o = (*Op)(unsafe.Add(unsafe.Pointer(o), opSize))
	}
	return -1
}

// prepare does for entry i what only few entries need. It reports whether the
// entries that it refers to are where they must be.
//
//go:nosplit
//go:norace
//go:nocheckptr
func prepare(ops, o *Op, i, n int, refs bool) bool {
	c := o.ctl
	if r := uintptr(c>>ctlTail) & 7; r != 0 {
		var p uintptr
		if o.a5 != 0 {
			p = uintptr(o.p2) + uintptr(o.a5)
		}
		*(*uintptr)(unsafe.Add(unsafe.Pointer(o), 8+8*r)) = p
	}
	if c&ctlNoCall != 0 {
		o.head = o.head&^0xffff | nrConst
		o.a0 = einval
		o.ctl = (c | ctlPseudo) &^ ctlRefs
		return true
	}
	for r := uintptr(0); refs && c&ctlRefs>>r != 0; r++ {
		if c>>r&1 != 0 && *(*uint64)(unsafe.Add(unsafe.Pointer(o), 16+8*r)) >= uint64(i) {
			return false
		}
	}
	if o.head&0xffff == nrWdcpy && c&ctlPseudo != 0 && o.a4 == loadToArg {
		// a3 names the entry, a5 the parameter.
		to := int(o.a3)
		if to <= i || to >= n || o.a5 >= 6 {
			return false
		}
		t := (*Op)(unsafe.Add(unsafe.Pointer(ops), uintptr(to)*opSize))
		r := uintptr(t.ctl>>(ctlParam+3*ctl(o.a5))) & 7
		// A number must not take the place of a reference.
		if r == 0 || t.ctl>>(r-1)&1 != 0 {
			return false
		}
		o.a0 = uint64(uintptr(unsafe.Pointer(t)) + 8 + 8*r)
	}
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
