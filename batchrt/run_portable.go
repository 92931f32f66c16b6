// SPDX-License-Identifier: BSD-3-Clause

//go:build !(linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname)

package batchrt

import "unsafe"

// Run runs a table. Entries run one at a time, in order, in the calling
// goroutine, beginning with the first; each outcome picks the next entry (see
// Op.Jump). An empty table is fine.
func Run(ops []Op) {
	if len(ops) == 0 {
		return
	}
	for i := range ops {
		o := &ops[i]
		o.ret, o.r2, o.errno, o.ran = notRun, 0, 0, false
	}
	for i := 0; i < len(ops); {
		o := &ops[i]
		jump := o.step(ops, i)
		if jump < 0 {
			break
		}
		i += 1 + int(jump)
	}
	if counting.Load() {
		count(ops)
	}
}

// step runs entry i and gives the jump that it takes.
func (o *Op) step(ops []Op, i int) int16 {
	switch {
	case o.skipped():
		return 0
	case o.load:
		if !o.loadInto(ops, i) {
			return o.failed()
		}
		return 0
	}
	o.makeCall(ops, i)
	o.ran = true
	switch {
	case o.errno != 0:
		return o.failed()
	case o.ret == 0:
		return o.jzero
	}
	return o.jpos
}

// failed is the jump that a failure takes.
func (o *Op) failed() int16 {
	if !o.goOn {
		return -1
	}
	return o.jneg
}

// makeCall calls o.call, with the references replaced by what they refer to.
func (o *Op) makeCall(ops []Op, i int) {
	if o.refs == 0 {
		invoke(o)
		return
	}
	arg := o.arg
	for r := range o.arg {
		if o.refs>>r&1 == 0 {
			continue
		}
		if arg[r] >= uint64(i) {
			panicEntry(i)
		}
		// As the kernel would see it: -errno, not what a wrapper makes of it.
		from := &ops[arg[r]]
		if o.arg[r] = uint64(from.ret); from.errno != 0 {
			o.arg[r] = -uint64(from.errno)
		}
	}
	invoke(o)
	o.arg = arg
}

// invoke calls o.call. The functions behind it make one system call each and
// keep nothing of what they are given, but escape analysis does not see
// through the indirect call: without help, tables and all that they point to
// would move to the heap.
func invoke(o *Op) { o.call((*Op)(noescape(unsafe.Pointer(o)))) }

// noescape hides from escape analysis that its result is p. Without stack
// checks and not inlined it has no point at which the stack could move while
// the address is only a number.
//
//go:nosplit
//go:noinline
//go:nocheckptr
func noescape(p unsafe.Pointer) unsafe.Pointer {
	x := uintptr(p)
	return *(*unsafe.Pointer)(unsafe.Pointer(&x))
}
