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

// request is one on its way, and what the kernel answered.
type request struct {
	batchReq
	r uintptr
	e syscall.Errno
}

// What became of a submission, besides the number of an entry that refers to
// what it must not: then there was none.
const (
	wentStraight = -1 - iota // to the table's end, and all entries up to the last have run
	wentAnyhow               // the answer is to be looked at
	notAllowed               // the module does not run all calls: there was no submission
	restFrom                 // and below: prime stopped at entry restFrom - result, the first that is not like most
)

// runModule runs a table by the module, or by the emulator from where the
// module does not go on.
func runModule(ops []Op) {
	n := len(ops)
	req := request{batchReq: batchReq{n: uint32(n), last: uint32(n), stride: opSize, flags: batchRefs}}
	var went int
	if fakeDevice == nil {
		went = enter(unsafe.SliceData(ops), &req, n, module.fd)
	} else {
		went = submitFake(ops, &req)
	}
	if went != wentStraight {
		carryOn(ops, &req, went)
	} else if last := int(req.last) + 1; last < n {
		unmark(ops[last:])
	}
	if counting.Load() {
		countSaved(ops)
	}
}

// carryOn goes on after a first submission that was not all.
func carryOn(ops []Op, req *request, went int) {
	for from := 0; ; {
		switch {
		case went >= 0:
			forget(ops[from:])
			panicEntry(went)
		case went == notAllowed:
			fallBack(ops, from)
			return
		case went == wentStraight:
			unmark(ops[req.last+1:])
			return
		}
		if counting.Load() {
			counts.saved.Add(^uint64(0)) // one more crossing
		}
		unmark(ops[from:])
		var ok bool
		if from, ok = follow(ops, req, from); !ok {
			// What has run stays; the rest is run by plain calls.
			fallBack(ops, from)
			return
		}
		if from >= len(ops) {
			return
		}
		if fakeDevice == nil {
			went = enter(&ops[0], req, len(ops), module.fd)
		} else {
			went = submitFake(ops, req)
		}
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
func follow(ops []Op, req *request, from int) (next int, ok bool) {
	at, r, e := int(req.pos), req.r, req.e
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

// countSaved counts the crossings that plain calls would have made, less one.
func countSaved(ops []Op) {
	calls := 0
	for i := range ops {
		if ops[i].Ran() && ops[i].ctl&ctlPseudo == 0 {
			calls++
		}
	}
	if calls > 1 {
		counts.saved.Add(uint64(calls - 1))
	}
}

// submitFake hands a request to the device that fakeDevice is. Tests' tables
// are on the heap and do not move.
func submitFake(ops []Op, req *request) int {
	went := prime(&ops[0], int(req.pos), len(ops))
	if went <= restFrom {
		went = primeRest(&ops[0], restFrom-went, len(ops))
	}
	if went >= 0 || went == notAllowed {
		return went
	}
	// A request that a function value is given would always be on the heap.
	fake := new(batchReq)
	*fake = req.batchReq
	fake.calls = uint64(uintptr(unsafe.Pointer(&ops[0])))
	r, e := fakeDevice(unsafe.Pointer(fake))
	req.batchReq = *fake
	return req.answer(went, r, e)
}

// answer notes what the kernel has answered.
//
//go:nosplit
func (req *request) answer(went int, r uintptr, e syscall.Errno) int {
	if r|uintptr(e) == batchDone && req.last < req.n {
		return went
	}
	req.r, req.e = r, e
	return wentAnyhow
}

// fakeDevice stands for the ioctl in tests.
var fakeDevice func(req unsafe.Pointer) (uintptr, syscall.Errno)

// enter prepares the request's entries and makes the ioctl. It tells what is to
// be expected of the table. What is said of bracket holds for it too.
//
//go:nosplit
//go:noinline
//go:norace
//go:nocheckptr
func enter(ops *Op, req *request, n, fd int) int {
	went := prime(ops, int(req.pos), n)
	if went <= restFrom {
		went = primeRest(ops, restFrom-went, n)
	}
	if went >= 0 || went == notAllowed {
		return went
	}
	req.calls = uint64(uintptr(unsafe.Pointer(ops)))
	entersyscall()
	r, _, e := syscall.RawSyscall6(syscall.SYS_IOCTL, uintptr(fd), batchRun, uintptr(unsafe.Pointer(req)), 0, 0, 0)
	exitsyscall()
	return req.answer(went, r, e)
}

// prime is fill for the module: it makes the entries from pos on ready for the
// kernel and marks them as run, which most will be. It tells what is to be
// expected of the table, or where primeRest has to go on: its caller's task, as
// what has no stack checks must not be nested deep. (Before one crossing for all
// of them a branch costs less than what it saves here, other than in fill.)
//
//go:nosplit
//go:norace
//go:nocheckptr
func prime(ops *Op, pos, n int) int {
	o := (*Op)(unsafe.Add(unsafe.Pointer(ops), uintptr(pos)*opSize))
	end := uintptr(unsafe.Pointer(ops)) + uintptr(n)*opSize
	for uintptr(unsafe.Pointer(o)) < end {
		c := o.ctl
		w := module.shapes[c&(ctlShape|ctlCall)]
		if c&((ctlRare|ctlStops)&^ctlCall) != 0 {
			return restFrom - index(ops, o)
		}
		if w < 0 {
			if w&primeMore != 0 {
				return restFrom - index(ops, o)
			}
			*o.word(uint64(w >> primeP0)) = uintptr(o.p0)
			w = int64(uint32(w))
		}
		o.ret = notRun
		o.ctl = c | ctlRan
		o.head = uint64(w)
		o = (*Op)(unsafe.Add(unsafe.Pointer(o), opSize))
	}
	return wentStraight
}

// index is the number of entry o.
//
//go:nosplit
//go:norace
//go:nocheckptr
func index(ops, o *Op) int {
	return int((uintptr(unsafe.Pointer(o)) - uintptr(unsafe.Pointer(ops))) / opSize)
}

// primeRest is prime for the entries from pos on, the first that is not like most.
//
//go:nosplit
//go:noinline
//go:norace
//go:nocheckptr
func primeRest(ops *Op, pos, n int) int {
	went := wentStraight
	o := (*Op)(unsafe.Add(unsafe.Pointer(ops), uintptr(pos)*opSize))
	for i := pos; i < n; i++ {
		c := o.ctl
		s := &shapes[c&ctlShape]
		w := module.shapes[c&(ctlShape|ctlCall)]
		if w < 0 {
			if w&primeRefused != 0 {
				return notAllowed
			}
			*o.word(s.at) = uintptr(o.p0)
			if w&primeMore != 0 {
				*o.word(s.at >> 8) = uintptr(o.p1)
				*o.word(s.at >> 16) = uintptr(o.p2)
				*o.word(s.at >> shapeImm) = uintptr(unsafe.Pointer(&o.ctl)) + immShift/8
				*o.word(s.at >> 32) = uintptr(s.c0)
				*o.word(s.at >> 40) = uintptr(s.c1)
			}
		}
		o.ret = notRun
		o.ctl = c | ctlRan
		if c&ctlRare == ctlCall {
			o.head = s.at>>shapeNR | stops[c>>stopShift&7]
		} else if x := primeOdd(ops, o, i, n); x == wentAnyhow {
			went = x
		} else if x != wentStraight {
			return x
		}
		o = (*Op)(unsafe.Add(unsafe.Pointer(o), opSize))
	}
	return went
}

// What prime has to know of a shape, in one word: the lower half is the head
// of an entry that stops on failure, and the word is negative if that is not all.
const (
	primeP0      = 32      // shift: where the first pointer goes, in bytes, 8 bits
	primeMore    = 1 << 40 // there are more places to fill in, or there is no call, or primeRefused
	primeRefused = 1 << 41 // the module does not run the call
	primeNotAll  = -1 << 63

	allNowhere = 0x0808_0808_0808 // the places of a shape that has none
)

// primeWord makes that word. shape may lack ctlCall.
func (d *device) primeWord(c ctl) int64 {
	shape := c & ctlShape
	at := shapes[shape].at
	w := int64(at>>shapeNR | 0xffff<<jumpNeg)
	places := at & (1<<shapeNR - 1)
	if places != allNowhere {
		w |= primeNotAll | int64(places&0xff)<<primeP0
	}
	if places>>8 != allNowhere>>8 || c&ctlCall == 0 {
		w |= primeNotAll | primeMore
	}
	if c&ctlCall != 0 && shape != shapeRaw && !d.allows(at>>shapeNR) {
		w |= primeNotAll | primeMore | primeRefused
	}
	return w
}

// primeOdd is the rest of primeRest for an entry i that is odd.
//
//go:nosplit
//go:norace
//go:nocheckptr
func primeOdd(ops, o *Op, i, n int) int {
	o.ctl &^= ctlRan
	if !prepare(o, i) || o.ctl.carries() && !aim(ops, o, i, n) {
		return i
	}
	if !module.allows(o.head & 0xffff) {
		return notAllowed
	}
	o.head |= uint64(o.ctl&ctlRefs) >> refShift << batchRefsShift
	if o.ctl&ctlCall != 0 {
		o.ctl |= ctlRan // one that is left out does not run
	}
	if o.ctl&ctlJumps != 0 {
		return wentAnyhow
	}
	return wentStraight
}
