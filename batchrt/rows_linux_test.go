// SPDX-License-Identifier: BSD-3-Clause

package batchrt

import (
	"bytes"
	"fmt"
	"math/rand"
	"reflect"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// outcome is what a call returned: a number (0 where there is none) and an error.
type outcome struct {
	n   int64
	err error
}

// row is one constructor beside the function that it mirrors.
type row struct {
	name     string
	accessor string
	make     func(*arguments, *Arena) (Op, func() outcome)
}

// rows is filled by the generated zops_rows*_test.go.
var rows []row

// arguments makes arguments: numbers that tell positions and truncations
// apart, strings that fit the arena and strings that do not, empty and nil slices.
type arguments struct {
	rnd *rand.Rand
	nul bool // put a NUL byte into a path
	has bool // a path was asked for
}

func (g *arguments) num() int64 {
	switch g.rnd.Intn(4) {
	case 0:
		return g.rnd.Int63n(1000)
	case 1:
		return -g.rnd.Int63n(1000)
	}
	return int64(g.rnd.Uint64())
}

// numOtherThan is any number but n.
func (g *arguments) numOtherThan(n int64) int64 {
	if x := g.num(); x != n {
		return x
	}
	return n + 1
}

func (g *arguments) path() string {
	n := []int{0, 1, 20, 100, arenaTestSize, 5000}[g.rnd.Intn(6)]
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('a' + g.rnd.Intn(26))
	}
	g.has = true
	if g.nul {
		return string(b) + "\x00x"
	}
	return string(b)
}

// sockaddr makes addresses that can be encoded and some that cannot.
func (g *arguments) sockaddr() unix.Sockaddr {
	port := []int{0, 1, 0x1234, 0xffff, -1, 1 << 16, -1 << 63 >> 32, 80}[g.rnd.Intn(8)]
	switch g.rnd.Intn(6) {
	case 0:
		sa := &unix.SockaddrInet4{Port: port}
		g.rnd.Read(sa.Addr[:])
		return sa
	case 1:
		sa := &unix.SockaddrInet6{Port: port, ZoneId: g.rnd.Uint32()}
		g.rnd.Read(sa.Addr[:])
		return sa
	case 2:
		return &unix.SockaddrNetlink{Family: 7, Pad: uint16(g.rnd.Uint32()), Pid: g.rnd.Uint32(), Groups: g.rnd.Uint32()}
	}
	name := make([]byte, []int{0, 1, 2, 20, 106, 107, 108, 109, 5000}[g.rnd.Intn(9)])
	g.rnd.Read(name)
	if len(name) > 0 {
		switch g.rnd.Intn(4) {
		case 0:
			name[0] = '@'
		case 1:
			name[0] = 0
		case 2:
			name[len(name)/2] = 0
		}
	}
	return &unix.SockaddrUnix{Name: string(name)}
}

func (g *arguments) pointer() unsafe.Pointer {
	if g.rnd.Intn(4) == 0 {
		return nil
	}
	return unsafe.Pointer(new([64]byte))
}

func maybe[T any](g *arguments) *T {
	if g.rnd.Intn(8) == 0 {
		return nil
	}
	return new(T)
}

func some[T any](g *arguments) []T {
	switch g.rnd.Intn(6) {
	case 0:
		return nil
	case 1:
		return []T{}
	case 2, 3:
		return make([]T, 2, 5)
	}
	return make([]T, 1+g.rnd.Intn(20))
}

// resultOf reads an entry's result by the accessor that its constructor names.
func resultOf(o *Op, accessor string) outcome {
	switch accessor {
	case "Err":
		return outcome{err: o.Err()}
	case "Int":
		n, err := o.Int()
		return outcome{int64(n), err}
	case "Int64":
		n, err := o.Int64()
		return outcome{n, err}
	case "Uintptr":
		n, err := o.Uintptr()
		return outcome{int64(n), err}
	case "Pointer":
		p, err := o.Pointer()
		return outcome{int64(uintptr(p)), err}
	case "Val":
		return outcome{n: int64(o.Val())}
	case "None":
		o.None()
		return outcome{}
	}
	panic(accessor)
}

// TestEveryConstructor makes each entry's call by batchrt and plainly, with
// the same arguments and with results that the test makes up, and compares
// number, registers, memory behind pointers to copies, and what is returned.
func TestEveryConstructor(t *testing.T) {
	if len(rows) < 150 {
		t.Fatalf("only %d constructors in the table", len(rows))
	}
	for _, r := range rows {
		if _, ok := opMethod(r.accessor); !ok {
			t.Fatalf("%s: no accessor %s", r.name, r.accessor)
		}
	}
	w := watchCalls(t)
	made := 0
	results := []int64{0, 1, 7, 1 << 20, -int64(syscall.ENOENT), -int64(syscall.EAGAIN), -int64(syscall.EINVAL), -int64(syscall.EIO), -4094}
	for _, r := range rows {
		for i := 0; i < 40; i++ {
			ret := results[i%len(results)]
			if unsafe.Sizeof(uintptr(0)) == 4 && ret < -4000 {
				continue
			}
			if (r.accessor == "Val" || r.accessor == "None") && ret < 0 {
				continue // they cannot fail
			}
			if r.name == "Getpid" || r.name == "Gettid" {
				continue // the runtime makes them too; they are not watched
			}
			if sanitized && ret > 0 {
				continue // more bytes than there are
			}
			if r.accessor == "Pointer" && 0 <= ret && ret < 4096 {
				continue // no address
			}
			g := &arguments{rnd: rand.New(rand.NewSource(int64(i)*1000 + 7)), nul: i >= 36}
			var diff string
			for try := 0; try < 3; try++ { // the runtime may make a call of its own
				if diff = w.compare(r, *g, ret); diff == "" {
					break
				}
			}
			made += w.made
			if diff != "" {
				t.Errorf("%s, case %d, result %d:\n%s", r.name, i, ret, diff)
				break
			}
		}
	}
	if made < 15*len(rows) {
		t.Errorf("only %d calls were seen", made)
	}
}

func opMethod(name string) (reflect.Method, bool) {
	return reflect.TypeOf((*Op)(nil)).MethodByName(name)
}

// compare runs one row both ways; it gives "" if nothing differs.
func (w *watcher) compare(r row, g arguments, ret int64) string {
	var a Arena
	var o, p outcome
	op, plain := r.make(&g, &a)
	ops := [...]Op{op}
	batch := w.during(ret, func() { Run(ops[:]) })
	o = resultOf(&ops[0], r.accessor)
	direct := w.during(ret, func() { p = plain() })
	w.made = len(batch)
	if g.nul && g.has && len(direct) != 0 {
		return "a call was made for a path with a NUL byte"
	}
	if o.n != p.n || o.err != p.err {
		return fmt.Sprintf("batch returned %d, %v; the function %d, %v", o.n, o.err, p.n, p.err)
	}
	if len(batch) != len(direct) {
		return fmt.Sprintf("batch made %v\nthe function %v", batch, direct)
	}
	var s []string
	for i, b := range batch {
		if d := direct[i]; !b.same(d) {
			s = append(s, fmt.Sprintf("batch made %v\nthe function %v", b, d))
		}
	}
	return strings.Join(s, "\n")
}

// seen is one call as the kernel saw it.
type seen struct {
	nr   int32
	args [6]uint64
	mem  [6][]byte // what lay behind the arguments that are addresses
}

func (c seen) String() string { return fmt.Sprintf("call %d(%x)", c.nr, c.args) }

const unix386Socketcall = 102

// same compares two calls. Addresses may differ where copies lie behind them
// (strings, socket addresses, and the word that setsockopt is given).
func (c seen) same(d seen) bool {
	if c.nr != d.nr {
		return false
	}
	for i := range c.args {
		if c.args[i] == d.args[i] {
			continue
		}
		x, y := c.mem[i], d.mem[i]
		if x == nil || y == nil {
			return false
		}
		if runtime.GOARCH == "386" && c.nr == unix386Socketcall {
			continue // the arguments lie in an array on the caller's stack
		}
		n := bytes.IndexByte(x, 0)
		if c.nr == unix.SYS_SETSOCKOPT && i == 3 {
			n = int(c.args[4]) - 1
		}
		if (c.nr == unix.SYS_BIND || c.nr == unix.SYS_CONNECT) && i == 1 {
			n = int(c.args[2]) - 1
		}
		if n < 0 || n >= len(x) || n >= len(y) || !bytes.Equal(x[:n+1], y[:n+1]) {
			return false
		}
	}
	return true
}
