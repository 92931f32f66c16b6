// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64)

// Package fakedev is a /dev/batch for tests: it runs requests as the kernel
// module does, in this process, and interrupts them wherever the module may.
package fakedev

import (
	"math/rand"
	"sync"
	"syscall"
	"unsafe"
)

// Req is struct batch_req.
type Req struct {
	Calls                              uint64
	Res                                int64
	N, Pos, Last, State, Flags, Stride uint32
}

// call is struct batch_call.
type call struct {
	nr, jneg, jzero, jpos int16
	ret                   int64
	arg                   [6]uint64
}

// States and values, as in batch_uapi.h.
const (
	start = 0
	ran   = 2

	done = 0
	goOn = 1

	refs      = 1 << 8 // flag: bits of nr say which arguments are results
	refsShift = 10
	maxNR     = 1 << refsShift
)

// Device interrupts requests at random.
type Device struct {
	mu  sync.Mutex
	rnd *rand.Rand
	// Refuse is the chance, in 1/1000 for each entry, that the rest of a
	// request is refused with EOPNOTSUPP; Gone that the descriptor turns out to
	// be another one.
	Refuse, Gone int
	// Requests counts calls of Run, Interrupted those that did not end with DONE.
	Requests, Interrupted int
}

// New makes a device.
func New(seed int64) *Device { return &Device{rnd: rand.New(rand.NewSource(seed))} }

// chance is true n times in 1000.
func (d *Device) chance(n int) bool { return d.rnd.Intn(1000) < n }

// Run is the ioctl BATCH_RUN.
func (d *Device) Run(request unsafe.Pointer) (uintptr, syscall.Errno) {
	d.mu.Lock()
	defer d.mu.Unlock()
	req := (*Req)(request)
	d.Requests++
	r, e := d.run(req)
	if r != done || e != 0 {
		d.Interrupted++
	}
	return r, e
}

func (d *Device) run(req *Req) (uintptr, syscall.Errno) {
	if req.Flags&^refs != 0 || req.Stride < 64 || req.Stride%8 != 0 || req.Stride > 4096 || req.State > ran {
		return 0, syscall.EINVAL
	}
	if d.chance(d.Gone) {
		return 0, syscall.ENOTTY
	}
	for first := true; req.Pos < req.N; first = false {
		switch {
		case d.chance(d.Refuse):
			return 0, syscall.EOPNOTSUPP
		case !first && d.chance(150):
			return goOn, 0
		}
		base := *(*unsafe.Pointer)(unsafe.Pointer(&req.Calls))
		c := (*call)(unsafe.Add(base, uintptr(req.Pos)*uintptr(req.Stride)))
		res := req.Res
		if req.State != ran {
			res = c.run(req)
			if d.chance(100) {
				req.State, req.Res = ran, res
				return 0, syscall.EFAULT
			}
		}
		req.State = start
		c.ret = res
		req.Last = req.Pos
		jump := int64(c.jump(res))
		if jump < 0 || jump >= int64(req.N-req.Pos)-1 {
			break
		}
		req.Pos += 1 + uint32(jump)
	}
	req.Pos = req.N
	return done, 0
}

func (c *call) jump(res int64) int16 {
	switch {
	case res == 0 && c.nr == -2:
		return 0
	case res == 0:
		return c.jzero
	case -4095 <= res && res < 0:
		return c.jneg
	}
	return c.jpos
}

// run makes one call.
func (c *call) run(req *Req) int64 {
	nr, args := int(c.nr), c.arg
	switch {
	case c.nr == -2:
		return copyWord(c.arg[0], c.arg[1], int64(c.arg[2]))
	case c.nr == -3:
		return int64(c.arg[0])
	case req.Flags&refs != 0:
		which := uint16(c.nr) >> refsShift
		nr = int(uint16(c.nr) % maxNR)
		for k := range args {
			if which>>k&1 == 0 {
				continue
			}
			if args[k] >= uint64(req.Pos) {
				return -int64(syscall.EINVAL)
			}
			base := *(*unsafe.Pointer)(unsafe.Pointer(&req.Calls))
			args[k] = uint64((*call)(unsafe.Add(base, uintptr(args[k])*uintptr(req.Stride))).ret)
		}
	}
	if nr < 0 || nr >= maxNR {
		return -int64(syscall.ENOSYS)
	}
	r, _, e := syscall.Syscall6(uintptr(nr), uintptr(args[0]), uintptr(args[1]), uintptr(args[2]),
		uintptr(args[3]), uintptr(args[4]), uintptr(args[5]))
	if e != 0 {
		return -int64(e)
	}
	return int64(r)
}

func copyWord(to, from uint64, width int64) int64 {
	if to < 4096 || from < 4096 {
		return -int64(syscall.EFAULT)
	}
	p := *(*unsafe.Pointer)(unsafe.Pointer(&from))
	var v int64
	switch width {
	case 0, 8, -8:
		v = *(*int64)(p)
	case 4:
		v = int64(*(*uint32)(p))
	case -4:
		v = int64(*(*int32)(p))
	case 2:
		v = int64(*(*uint16)(p))
	case -2:
		v = int64(*(*int16)(p))
	case 1:
		v = int64(*(*uint8)(p))
	case -1:
		v = int64(*(*int8)(p))
	default:
		return -int64(syscall.EINVAL)
	}
	**(**int64)(unsafe.Pointer(&to)) = v
	return 0
}
