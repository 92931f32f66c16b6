// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

import (
	"syscall"
	"unsafe"
)

// How the module executor works: a table goes to the kernel as it is. Whatever
// the kernel answers, the entries that have run are known: they are those on
// the way that the results lead, from where the request began to the entry
// that the kernel names. In most tables that way is straight: no entry jumps
// over others. Then nothing need be found out, if the kernel has carried the
// table to its end: all entries up to the last one have run.

// What became of a submission, besides the number of an entry that refers to
// what it must not: then there was none.
const (
	wentStraight = -1 - iota // the way is straight
	wentAnyhow
	notAllowed // the module does not run all calls: no submission
)

// runModule runs a table by the module, or by the emulator from where the
// module does not go on.
func runModule(ops []Op) {
	n := len(ops)
	req := batchReq{n: uint32(n), last: uint32(n), stride: opSize, flags: batchRefs}
	from, crossings := 0, 0
	for from < n {
		r, e, went := submit(ops, &req)
		if went >= 0 {
			forget(ops[from:])
			panicEntry(went)
		}
		if went == notAllowed {
			fallBack(ops, from)
			return
		}
		crossings++
		if last := int(req.last); r == batchDone && e == 0 && went == wentStraight && last < n {
			unmark(ops[last+1:])
			break
		}
		unmark(ops[from:])
		var ok bool
		if from, ok = follow(ops, &req, from, r, e); !ok {
			// What has run stays; the rest is run by plain calls.
			fallBack(ops, from)
			return
		}
	}
	if counting.Load() {
		countSaved(ops, crossings)
	}
}

// unmark takes back that entries have run.
func unmark(ops []Op) {
	for i := range ops {
		ops[i].ctl &^= ctlRan
	}
}

// follow marks the entries that ran of a request that began at from, and
// makes the request one for the rest. It returns the next entry to run, which
// may be len(ops) or more; ok is false if it is to be run by plain calls.
func follow(ops []Op, req *batchReq, from int, r uintptr, e syscall.Errno) (next int, ok bool) {
	at := int(req.pos)
	switch {
	case e == 0 && r == batchDone && int(req.last) < len(ops):
		return replay(ops, from, len(ops)), true
	case e == 0 && r == batchContinue:
		return replay(ops, from, at), true
	case e == syscall.EINTR:
		replay(ops, from, at)
		ops[at].ret = -int64(syscall.EINTR)
		next = replayOne(ops, at)
	case e == syscall.EFAULT && req.state == batchRan:
		replay(ops, from, at)
		ops[at].ret = req.res
		next = replayOne(ops, at)
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
	req.pos, req.state = uint32(next), batchStart
	return next, true
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

// submit hands a request to the kernel and tells what became of it.
func submit(ops []Op, req *batchReq) (r uintptr, e syscall.Errno, went int) {
	if fakeDevice == nil {
		return enter(&ops[0], req, len(ops), module.fd)
	}
	// Tests' tables are on the heap and do not move.
	if went = prime(&ops[0], int(req.pos), len(ops)); went >= 0 || went == notAllowed {
		return 0, 0, went
	}
	// A request that a function value is given would always be on the heap.
	fake := new(batchReq)
	*fake = *req
	fake.calls = uint64(uintptr(unsafe.Pointer(&ops[0])))
	r, e = fakeDevice(unsafe.Pointer(fake))
	*req = *fake
	return r, e, went
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
func enter(ops *Op, req *batchReq, n, fd int) (r uintptr, e syscall.Errno, went int) {
	if went = prime(ops, int(req.pos), n); went >= 0 || went == notAllowed {
		return 0, 0, went
	}
	req.calls = uint64(uintptr(unsafe.Pointer(ops)))
	entersyscall()
	r, _, e = syscall.RawSyscall6(syscall.SYS_IOCTL, uintptr(fd), batchRun, uintptr(unsafe.Pointer(req)), 0, 0, 0)
	exitsyscall()
	return r, e, went
}

// allNowhere is the places of a shape whose registers need no filling in.
const allNowhere = 0x0808_0808_0808

// prime is fill for the module: it makes the entries from pos on ready for the
// kernel and marks them as run, which most will be. It tells what is to be
// expected of the table. (Before one crossing for all of them a branch costs
// less than what it saves here, other than in fill.)
//
//go:nosplit
//go:norace
//go:nocheckptr
func prime(ops *Op, pos, n int) int {
	o := (*Op)(unsafe.Add(unsafe.Pointer(ops), uintptr(pos)*opSize))
	went, may := wentStraight, true
	for i := pos; i < n; i++ {
		c := o.ctl | ctlRan
		s := &shapes[c&ctlShape]
		may = may && module.shapes[c&ctlShape]
		at := s.at
		if places := at & (1<<shapeNR - 1); places != allNowhere {
			*o.word(at) = uintptr(o.p0)
			if places>>8 != allNowhere>>8 {
				*o.word(at >> 8) = uintptr(o.p1)
				*o.word(at >> 16) = uintptr(o.p2)
				*o.word(at >> shapeImm) = uintptr(unsafe.Pointer(&o.ctl)) + immShift/8
				*o.word(at >> 32) = uintptr(s.c0)
				*o.word(at >> 40) = uintptr(s.c1)
			}
		}
		o.ret = notRun
		o.ctl = c
		if c&ctlRare == ctlCall {
			o.head = at>>shapeNR | stops[c&ctlStops>>stopShift]
		} else {
			o.ctl = c &^ ctlRan
			if !prepare(ops, o, i, n, true) {
				return i
			}
			may = may && module.allows(o.head&0xffff)
			o.head |= uint64(o.ctl&ctlRefs) >> refShift << batchRefsShift
			if c&ctlJumps != 0 {
				went = wentAnyhow
			}
			if c&ctlCall != 0 {
				o.ctl |= ctlRan // one that is left out does not run
			}
		}
		o = (*Op)(unsafe.Add(unsafe.Pointer(o), opSize))
	}
	if !may {
		return notAllowed
	}
	return went
}
