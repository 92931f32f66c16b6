// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

import (
	"fmt"
	"math/rand"
	"syscall"
	"testing"
	"unsafe"
)

// withoutModule leaves the rest of a test to the emulator.
func withoutModule(t *testing.T) {
	on := module.on.Swap(false)
	t.Cleanup(func() { module.on.Store(on) })
}

// TestEveryConstructorByModule is TestEveryConstructor for what the module is
// given: the entry as it stands in the request is the call that the function
// makes.
func TestEveryConstructorByModule(t *testing.T) {
	w := watchCalls(t)
	made := 0
	for _, r := range rows {
		if r.name == "Getpid" || r.name == "Gettid" {
			continue // the runtime makes them too; they are not watched
		}
		for i := 0; i < 10; i++ {
			ret := []int64{0, 1, -int64(syscall.ENOENT)}[i%3]
			if (r.accessor == "Val" || r.accessor == "None") && ret < 0 || r.accessor == "Pointer" && ret >= 0 {
				continue
			}
			g := arguments{rnd: rand.New(rand.NewSource(int64(i)*1000 + 7)), nul: i == 9}
			var diff string
			for try := 0; try < 3; try++ { // the runtime may make a call of its own
				var n int
				if diff, n = w.compareModule(t, r, g, ret); diff == "" {
					made += n
					break
				}
			}
			if diff != "" {
				t.Errorf("%s, case %d, result %d:\n%s", r.name, i, ret, diff)
				break
			}
		}
	}
	if made < 5*len(rows) {
		t.Errorf("only %d calls were seen", made)
	}
}

// compareModule runs one row by a module that answers ret to every call, and
// plainly; it gives "" if nothing differs, and how many calls there were.
func (w *watcher) compareModule(t *testing.T, r row, g arguments, ret int64) (diff string, calls int) {
	var a Arena
	op, plain := r.make(&g, &a)
	heapOps = []Op{op}
	var batch []seen
	useDevice(t, func(q *batchReq) (uintptr, syscall.Errno) {
		// number and jumps, result, registers: struct batch_call
		call := *(**[8]uint64)(unsafe.Pointer(&q.calls))
		switch nr := int16(call[0]); {
		case nr == -3:
			call[1] = call[2]
		case nr < 0:
			t.Errorf("%s is the pseudo call %d", r.name, nr)
		default:
			c := seen{nr: int32(nr)}
			copy(c.args[:], call[2:])
			for i, p := range c.args {
				c.mem[i] = peek(p)
			}
			batch = append(batch, c)
			call[1] = uint64(ret)
		}
		q.pos = 1
		return batchDone, 0
	})
	Run(heapOps)
	o := resultOf(&heapOps[0], r.accessor)
	var p outcome
	direct := w.during(ret, func() { p = plain() })
	switch {
	case o.n != p.n || o.err != p.err:
		return fmt.Sprintf("batch returned %d, %v; the function %d, %v", o.n, o.err, p.n, p.err), 0
	case len(batch) != len(direct):
		return fmt.Sprintf("batch made %v\nthe function %v", batch, direct), 0
	case len(batch) == 0:
		return "", 0
	}
	// Calls of five arguments have something of this package's in the sixth.
	if c := batch[0].nr; c == syscall.SYS_SETSOCKOPT || c == syscall.SYS_MOUNT {
		batch[0].args[5], batch[0].mem[5] = direct[0].args[5], direct[0].mem[5]
	}
	if !batch[0].same(direct[0]) {
		return fmt.Sprintf("batch made %v\nthe function %v", batch, direct), 0
	}
	return "", len(batch)
}
