// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

import (
	"syscall"
	"unsafe"
)

// How the module executor works: a table goes to the kernel in stretches. A
// stretch ends before the first entry that refers to one of the same stretch,
// since references are filled in here. Whatever the kernel returns, the entries
// that have run are known: they are those on the way that the results lead,
// from where the stretch began to the entry that the kernel names.

// resolved remembers what stood in the arguments of references while they
// hold the results instead.
type resolved struct {
	n    int
	list [maxResolved]struct {
		op, reg int
		entry   uint64
	}
}

// maxResolved is how many references a stretch holds at most.
const maxResolved = 32

// runModule runs a table by the module, or by the emulator from where the
// module does not go on.
func runModule(ops []Op) {
	if !module.runs(ops) {
		fallBack(ops, 0)
		return
	}
	forget(ops)
	crossings := 0
	for pos := 0; pos < len(ops); {
		var refs resolved
		end := refs.stretch(ops, pos)
		next, ok := runStretch(ops, pos, end, &crossings)
		refs.restore(ops)
		if !ok {
			// What has run stays; the rest is run by plain calls.
			fallBack(ops, next)
			return
		}
		pos = next
	}
	if counting.Load() {
		countSaved(ops, crossings)
	}
}

// stretch finds the end of the stretch that begins at pos, and puts the
// results that it refers to in their places.
func (r *resolved) stretch(ops []Op, pos int) (end int) {
	for i := pos; i < len(ops); i++ {
		o := &ops[i]
		refs := o.ctl & ctlRefs >> refShift
		if refs == 0 || o.ctl&ctlNoCall != 0 || o.skipped() {
			continue
		}
		n := r.n
		for reg := 0; reg < 6; reg++ {
			if refs>>reg&1 == 0 {
				continue
			}
			entry := *o.arg(reg)
			if entry >= uint64(i) {
				r.restore(ops)
				panicEntry(i)
			}
			if entry >= uint64(pos) || n == maxResolved {
				return i
			}
			r.list[n].op, r.list[n].reg, r.list[n].entry = i, reg, entry
			n++
		}
		for ; r.n < n; r.n++ {
			x := &r.list[r.n]
			*ops[x.op].arg(x.reg) = uint64(ops[x.entry].ret)
		}
	}
	return len(ops)
}

// restore puts the references back, for the next run of the table.
func (r *resolved) restore(ops []Op) {
	for i := 0; i < r.n; i++ {
		x := &r.list[i]
		*ops[x.op].arg(x.reg) = x.entry
	}
	r.n = 0
}

// runStretch runs the entries from pos to end-1 by the module. It returns the
// next entry to run, which may be len(ops) or more; ok is false if it is to be
// run by plain calls.
func runStretch(ops []Op, pos, end int, crossings *int) (next int, ok bool) {
	req := batchReq{n: uint32(end), pos: uint32(pos), stride: opSize}
	for {
		from := int(req.pos)
		r, e, bad := submit(ops, &req)
		if bad >= 0 {
			panicEntry(bad)
		}
		*crossings++
		at := int(req.pos)
		switch {
		case e == 0 && r == batchDone:
			// The last entry that ran is reached before end.
			return replay(ops, from, end), true
		case e == 0 && r == batchContinue:
			replay(ops, from, at)
		case e == syscall.EINTR:
			replay(ops, from, at)
			ops[at].ret = -int64(syscall.EINTR)
			if next = replayOne(ops, at); next >= end {
				return next, true
			}
			req.pos, req.state = uint32(next), batchStart
		case e == syscall.EFAULT && req.state == batchRan:
			replay(ops, from, at)
			ops[at].ret = req.res
			if next = replayOne(ops, at); next >= end {
				return next, true
			}
			req.pos, req.state = uint32(next), batchStart
		default:
			// EOPNOTSUPP: somebody looks at the calls now. Anything else: the
			// descriptor is not what it was.
			replay(ops, from, at)
			module.lose()
			if req.state == batchRestart {
				return restart(ops, at), false
			}
			return at, false
		}
	}
}

// replay marks the entries on the way from one entry to another as run, and
// returns where the way led: to that entry, or to one behind it.
func replay(ops []Op, from, to int) int {
	for from < to {
		from = replayOne(ops, from)
	}
	return from
}

// replayOne marks an entry as run and returns the one that follows by its
// result, len(ops) if none does.
func replayOne(ops []Op, i int) int {
	o := &ops[i]
	if o.skipped() {
		return i + 1
	}
	o.ctl |= ctlRan
	var jump int
	switch {
	case -maxErrno <= o.ret && o.ret < 0:
		jump = int(int16(o.head >> jumpNeg))
	case o.ret != 0:
		jump = int(int16(o.head >> jumpPos))
	case o.ctl&ctlPseudo != 0 && o.head&0xffff == nrWdcpy:
		jump = 0
	default:
		jump = int(int16(o.head >> jumpZero))
	}
	if jump < 0 {
		return len(ops)
	}
	return i + 1 + jump
}

// restart makes the call that entry i was interrupted in and that the kernel
// remembers.
func restart(ops []Op, i int) int {
	r1, _, e := syscall.Syscall(syscall.SYS_RESTART_SYSCALL, 0, 0, 0)
	ops[i].ret = int64(r1)
	if e != 0 {
		ops[i].ret = -int64(e)
	}
	return replayOne(ops, i)
}

// fallBack leaves the rest of a table to the emulator.
func fallBack(ops []Op, pos int) {
	if counting.Load() {
		counts.fallbacks.Add(1)
	}
	if pos == 0 {
		forget(ops)
	}
	emulate(ops, pos)
}

// countSaved counts the crossings that plain calls would have made.
func countSaved(ops []Op, crossings int) {
	calls := 0
	for i := range ops {
		if ops[i].Ran() && ops[i].ctl&ctlPseudo == 0 {
			calls++
		}
	}
	if calls > crossings {
		counts.saved.Add(uint64(calls - crossings))
	}
}

// submit hands a request to the kernel. bad is the number of an entry that
// refers to what it must not, or -1.
func submit(ops []Op, req *batchReq) (r uintptr, e syscall.Errno, bad int) {
	if fakeDevice == nil {
		return enter(&ops[0], req, len(ops), module.fd)
	}
	// Tests' tables are on the heap and do not move.
	if bad := fill(&ops[0], int(req.pos), int(req.n), len(ops), false); bad >= 0 {
		return 0, 0, bad
	}
	// A request that a function value is given would always be on the heap.
	fake := new(batchReq)
	*fake = *req
	fake.calls = uint64(uintptr(unsafe.Pointer(&ops[0])))
	r, e = fakeDevice(unsafe.Pointer(fake))
	*req = *fake
	return r, e, -1
}

// fakeDevice stands for the ioctl in tests.
var fakeDevice func(req unsafe.Pointer) (uintptr, syscall.Errno)

// enter prepares the request's entries and makes the ioctl. What is said of
// bracket holds for it too.
//
//go:nosplit
//go:noinline
//go:norace
//go:nocheckptr
func enter(ops *Op, req *batchReq, n, fd int) (r uintptr, e syscall.Errno, bad int) {
	if bad := fill(ops, int(req.pos), int(req.n), n, false); bad >= 0 {
		return 0, 0, bad
	}
	req.calls = uint64(uintptr(unsafe.Pointer(ops)))
	entersyscall()
	r, _, e = syscall.RawSyscall6(syscall.SYS_IOCTL, uintptr(fd), batchRun, uintptr(unsafe.Pointer(req)), 0, 0, 0)
	exitsyscall()
	return r, e, -1
}
