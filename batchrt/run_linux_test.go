// SPDX-License-Identifier: BSD-3-Clause

package batchrt

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// tmpFile makes a file of n bytes and returns its path and an open descriptor.
func tmpFile(t testing.TB, n int) (string, int) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, make([]byte, n), 0o600); err != nil {
		t.Fatal(err)
	}
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	return path, fd
}

func TestJumps(t *testing.T) {
	neg, zero, pos := func() Op { return Const(-2) }, func() Op { return Const(0) }, func() Op { return Const(5) }
	for _, c := range []struct {
		name string
		ops  []Op
		ran  string // 1 for each entry that runs
	}{
		{"straight", []Op{neg().GoOn(), zero(), pos()}, "111"},
		{"stop", []Op{zero(), neg(), zero()}, "110"},
		{"go on", []Op{neg().GoOn(), neg().GoOn(), neg(), zero()}, "1110"},
		{"stop on success", []Op{neg().GoOn().StopOnSuccess(), pos().StopOnSuccess(), zero()}, "110"},
		{"stop on success 0", []Op{neg().StopOnSuccess().GoOn(), zero().StopOnSuccess(), zero()}, "110"},
		{"stop on zero", []Op{pos().StopOnZero(), neg().GoOn().StopOnZero(), zero().StopOnZero(), zero()}, "1110"},
		{"stop on positive", []Op{zero().StopOnPositive(), neg().StopOnPositive().GoOn(), pos().StopOnPositive(), zero()}, "1110"},
		{"skip", []Op{Skip(), zero(), Op{}, neg().If(false), pos(), Skip(), neg(), zero()}, "01001010"},
		{"if", []Op{neg().If(false), pos().If(true), neg().If(true), zero()}, "0110"},
		{"if not, whatever else", []Op{neg().If(false).If(true), zero().If(false).StopOnZero(), neg().If(false).Jump(5, 5, 5),
			Close(-1).If(false), Close(-1).FD(0).If(false), Load[int](9, 0, nil).If(false), zero()}, "0000001"},
		{"jump to a skipped one", []Op{zero().Jump(0, 1, 0), pos(), pos().If(false), neg(), zero()}, "10010"},
		{"only skipped ones", []Op{Skip(), Skip()}, "00"},
		{"jump neg", []Op{neg().Jump(1, 0, 0), zero(), zero()}, "101"},
		{"jump zero", []Op{zero().Jump(0, 2, 0), zero(), zero(), zero()}, "1001"},
		{"jump pos", []Op{pos().Jump(0, 0, 1), zero(), zero()}, "101"},
		{"past the end", []Op{zero().Jump(0, 32767, 0), zero()}, "10"},
		{"just the end", []Op{zero().Jump(0, 1, 0), zero()}, "10"},
		{"negative", []Op{zero().Jump(0, -32768, 0), zero()}, "10"},
		{"other classes", []Op{zero().Jump(-1, 0, -1), zero()}, "11"},
		{"-4095 is a failure", []Op{Const(-4095).Jump(-1, 0, 0), zero()}, "10"},
		{"-4096 is a result", []Op{Const(-4096).Jump(-1, 0, 1), zero(), zero()}, "101"},
	} {
		for again := 0; again < 2; again++ {
			Run(c.ops)
			var ran strings.Builder
			for i := range c.ops {
				if c.ops[i].Ran() {
					ran.WriteByte('1')
				} else {
					ran.WriteByte('0')
				}
			}
			if ran.String() != c.ran {
				t.Errorf("%s, run %d: ran %s, want %s", c.name, again, &ran, c.ran)
			}
		}
	}
	Run(nil)
}

// TestManyEntries crosses the bound on entries per hand-shake, with jumps that
// land before, on and behind it.
func TestManyEntries(t *testing.T) {
	const n = 1000
	for _, at := range []int{0, 1, 62, 63, 64, 65, 126, 127, 128, 500, n - 1} {
		for _, jump := range []int16{-1, 0, 1, 2, 63, 64, 65, 200, 2000} {
			ops := make([]Op, n)
			for i := range ops {
				ops[i] = Const(int64(i + 1))
			}
			ops[at] = Const(-5).Jump(jump, 0, 0)
			for again := 0; again < 2; again++ {
				Run(ops)
				for i := range ops {
					want := i <= at || jump >= 0 && i > at+int(jump)
					if ops[i].Ran() != want {
						t.Fatalf("jump %d at %d: entry %d ran: %v", jump, at, i, !want)
					}
				}
			}
		}
	}
}

// TestStops compares GoOn and its like, in all combinations and in any order,
// with the jumps that they stand for.
func TestStops(t *testing.T) {
	for _, result := range []int64{-5, 0, 7} {
		for bits := 0; bits < 8; bits++ {
			o, back := Const(result), Const(result)
			jump := [3]int16{-1, 0, 0}
			if bits&1 != 0 {
				o, jump[0] = o.GoOn(), 0
			}
			if bits&2 != 0 {
				o, jump[1] = o.StopOnZero(), -1
			}
			if bits&4 != 0 {
				o, jump[2] = o.StopOnPositive(), -1
				back = back.StopOnPositive()
			}
			if bits&2 != 0 {
				back = back.StopOnZero()
			}
			if bits&1 != 0 {
				back = back.GoOn()
			}
			x := []Op{o, Const(1)}
			y := []Op{Const(result).Jump(jump[0], jump[1], jump[2]), Const(1)}
			z := []Op{back, Const(1)}
			Run(x)
			Run(y)
			Run(z)
			for _, jumps := range [][]Op{{o.Jump(0, 0, 0), Const(1)}, {Const(result).Jump(0, 0, 0).GoOn().StopOnSuccess(), Const(1)}} {
				Run(jumps)
				if !jumps[1].Ran() {
					t.Errorf("result %d, bits %03b: Jump is not the last word", result, bits)
				}
			}
			if x[1].Ran() != y[1].Ran() || z[1].Ran() != y[1].Ran() {
				t.Errorf("result %d, bits %03b: went on: %v and %v, want %v", result, bits, x[1].Ran(), z[1].Ran(), y[1].Ran())
			}
		}
	}
}

func TestChainAndResume(t *testing.T) {
	path, _ := tmpFile(t, 1234)
	const (
		open = iota
		stat
		read
		closing
	)
	var st unix.Stat_t
	buf := make([]byte, 100)
	var a Arena
	ops := [...]Op{
		open:    a.Openat(unix.AT_FDCWD, path, unix.O_RDONLY|unix.O_CLOEXEC, 0),
		stat:    Fstat(-1, &st).FD(open),
		read:    Read(-1, buf).FD(open),
		closing: Close(-1).FD(open),
	}
	for i := 0; i < 3; i++ {
		st = unix.Stat_t{}
		Run(ops[:])
		fd, err := ops[open].Int()
		if err != nil || fd < 3 {
			t.Fatal(fd, err)
		}
		if err := ops[stat].Err(); err != nil || st.Size != 1234 {
			t.Fatal(err, st.Size)
		}
		if n, err := ops[read].Int(); n != 100 || err != nil {
			t.Fatal(n, err)
		}
		if err := ops[closing].Err(); err != nil {
			t.Fatal(err)
		}
		if err := unix.Close(fd); err != unix.EBADF {
			t.Fatalf("the descriptor was still open: %v", err)
		}
	}

	a.Reset()
	two := [...]Op{a.Access(path+"-not-there", 0), a.Access(path, 0)}
	Run(two[:])
	if err := two[0].Err(); err != unix.ENOENT || two[1].Ran() {
		t.Fatal(err, two[1].Ran())
	}
	called := false
	if err := two[1].ErrOr(func() error { called = true; return unix.EPERM }); err != unix.EPERM || !called {
		t.Fatal(err, called)
	}
	if err := two[0].ErrOr(func() error { t.Error("called"); return nil }); err != unix.ENOENT {
		t.Fatal(err)
	}
}

// TestRef refers by an argument other than the first, and to a skipped entry.
func TestRef(t *testing.T) {
	path, fd := tmpFile(t, 50)
	buf := make([]byte, 50)
	ops := [...]Op{
		Const(20),
		Pread(fd, buf, -1).Ref(2, 0),
		Const(0).Jump(0, 1, 0),
		Const(int64(fd)),
		Fstat(fd, new(unix.Stat_t)).FD(3).GoOn(),
		Sendfile(-1, -1, nil, 10).Ref(1, 0),
	}
	Run(ops[:])
	if n, err := ops[1].Int(); n != 30 || err != nil {
		t.Errorf("pread at 20 of 50: %d, %v", n, err)
	}
	if err := ops[4].Err(); err != unix.EBADF {
		t.Errorf("fstat of the result of a skipped entry: %v", err)
	}
	for name, f := range map[string]func(){
		"path":            func() { var a Arena; a.Access(path, 0).Ref(0, 0) },
		"pointer":         func() { Fstat(fd, nil).Ref(1, 0) },
		"far":             func() { Close(1).Ref(6, 0) },
		"none":            func() { Close(1).Ref(1, 0) },
		"minus":           func() { Close(1).Ref(-1, 0) },
		"FD of a path":    func() { var a Arena; x := []Op{Const(1), a.Access(path, 0).FD(0)}; Run(x) },
		"FD of no number": func() { x := []Op{Const(1), Uname(nil).FD(0)}; Run(x) },
		"later":           func() { x := []Op{Const(1), Close(-1).FD(1)}; Run(x) },
		"beyond":          func() { x := []Op{Const(1), Close(-1).FD(7)}; Run(x) },
		"below":           func() { x := []Op{Const(1), Close(-1).FD(-1)}; Run(x) },
		"load to a reference": func() {
			var v int64
			x := []Op{Const(0), Load(2, 0, &v), Close(-1).FD(0)}
			Run(x)
		},
		"load back":   func() { var v int64; x := []Op{Close(-1).GoOn(), Load(0, 0, &v)}; Run(x) },
		"load beyond": func() { var v int64; x := []Op{Load(7, 0, &v), Close(-1)}; Run(x) },
		"load to no parameter": func() {
			var v int64
			x := []Op{Load(1, 9, &v), Close(-1)}
			Run(x)
		},
		"load to a pointer": func() {
			var v int64
			x := []Op{Load(1, 1, &v), Fstat(-1, nil)}
			Run(x)
		},
		"late": func() {
			x := make([]Op, 130)
			for i := range x {
				x[i] = Const(0)
			}
			x[100] = Close(-1).FD(100)
			Run(x)
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

func TestLoad(t *testing.T) {
	_, fd := tmpFile(t, 300)
	var st unix.Stat_t
	var pos int64
	off := int32(-1)
	small := uint8(200)
	buf := make([]byte, 300)
	ops := [...]Op{
		Fstat(fd, &st),
		Load(2, 1, &st.Size), // the size becomes the offset of seek
		Seek(fd, 0, unix.SEEK_SET),
		Load(4, 2, &off),
		Pread(fd, buf, 0).GoOn(),
		Load(6, 2, &small),
		Pread(fd, buf, 0),
		Load[int64](8, 2, nil),
		Pread(fd, buf, 0),
	}
	Run(ops[:])
	if pos, _ = ops[2].Int64(); pos != 300 {
		t.Errorf("seek to the loaded size: %d", pos)
	}
	if _, err := ops[4].Int(); err != unix.EINVAL {
		t.Errorf("pread at a loaded -1: %v", err)
	}
	if n, err := ops[6].Int(); n != 100 || err != nil {
		t.Errorf("pread at a loaded 200: %d, %v", n, err)
	}
	if err := ops[7].Err(); err != unix.EFAULT || ops[8].Ran() {
		t.Errorf("load of nil: %v, went on: %v", err, ops[8].Ran())
	}
	if err := ops[1].Err(); err != nil {
		t.Error(err)
	}
}

func TestLoadWidths(t *testing.T) {
	_, fd := tmpFile(t, 0)
	check := func(name string, load func() Op, want int64) {
		ops := [...]Op{load(), Seek(fd, 0, unix.SEEK_SET)}
		Run(ops[:])
		got, err := ops[1].Int64()
		if want < 0 {
			if err != unix.EINVAL {
				t.Errorf("%s: seek to %d: %v", name, want, err)
			}
		} else if got != want || err != nil {
			t.Errorf("%s: %d, %v; want %d", name, got, err, want)
		}
	}
	i8, i16, i32, i64 := int8(-3), int16(-3), int32(-3), int64(-3)
	check("int8", func() Op { return Load(1, 1, &i8) }, -3)
	check("int16", func() Op { return Load(1, 1, &i16) }, -3)
	check("int32", func() Op { return Load(1, 1, &i32) }, -3)
	check("int64", func() Op { return Load(1, 1, &i64) }, -3)
	u8, u16, u32, u64 := uint8(250), uint16(65000), uint32(4000000000), uint64(5000000000)
	check("uint8", func() Op { return Load(1, 1, &u8) }, 250)
	check("uint16", func() Op { return Load(1, 1, &u16) }, 65000)
	check("uint32", func() Op { return Load(1, 1, &u32) }, 4000000000)
	check("uint64", func() Op { return Load(1, 1, &u64) }, 5000000000)
}

func TestNUL(t *testing.T) {
	path, fd := tmpFile(t, 1)
	var a Arena
	ops := [...]Op{
		a.Open(path+"\x00", unix.O_RDONLY, 0).GoOn(),
		a.Access("\x00", 0).GoOn(),
		a.Rename(path, path+"\x00b").GoOn(),
		a.Rename(path+"\x00b", path).GoOn(),
		a.Access(path, 0),
		a.Fgetxattr(fd, "a\x00", nil),
		a.Access(path, 0),
	}
	for again := 0; again < 2; again++ {
		Run(ops[:])
		if n, err := ops[0].Int(); n != 0 || err != unix.EINVAL {
			t.Errorf("open: %d, %v; want the wrapper's 0, EINVAL", n, err)
		}
		for _, i := range []int{1, 2, 3} {
			if err := ops[i].Err(); err != unix.EINVAL {
				t.Errorf("entry %d: %v", i, err)
			}
		}
		if err := ops[4].Err(); err != nil {
			t.Errorf("the entry behind: %v", err)
		}
		if n, err := ops[5].Int(); n != 0 || err != unix.EINVAL || ops[6].Ran() {
			t.Errorf("stop on a NUL: %d, %v, %v", n, err, ops[6].Ran())
		}
	}
}

func TestLongPaths(t *testing.T) {
	path, _ := tmpFile(t, 1)
	var a Arena
	const n = 64
	ops := make([]Op, 0, 2*n)
	for i := 0; i < n; i++ {
		// The same file by ever longer names, among names that are too long.
		long := filepath.Dir(path) + strings.Repeat("/.", i*20) + "/" + filepath.Base(path)
		ops = append(ops, a.Access(long, 0), a.Access(long+strings.Repeat("x", 5000), 0).GoOn())
	}
	Run(ops)
	for i := 0; i < n; i++ {
		if err := ops[2*i].Err(); err != nil {
			t.Errorf("path of %d more bytes: %v", i*40, err)
		}
		if err := ops[2*i+1].Err(); err != unix.ENAMETOOLONG {
			t.Errorf("endless name: %v", err)
		}
	}
}

func TestNotRunPanics(t *testing.T) {
	x := []Op{Const(0), Const(0)}
	x[0] = x[0].StopOnZero()
	Run(x)
	defer func() {
		if s, _ := recover().(string); !strings.Contains(s, "did not run") {
			t.Errorf("panic: %q", s)
		}
	}()
	x[1].Err()
}

func TestRaw(t *testing.T) {
	_, fd := tmpFile(t, 10)
	ops := [...]Op{
		Syscall(unix.SYS_LSEEK, uintptr(fd), 3, unix.SEEK_SET),
		RawSyscall(unix.SYS_GETPID, 1, 2, 3),
		Syscall6(unix.SYS_FSYNC, ^uintptr(0), 1, 2, 3, 4, 5).GoOn(),
		RawSyscall6(9999, 1, 2, 3, 4, 5, 6).GoOn(),
		Syscall(^uintptr(1), 0, 0, 0).GoOn(),
		Syscall(^uintptr(2), 77, 0, 0).GoOn(),
		Syscall(1<<16|unix.SYS_GETPID, 77, 0, 0).GoOn(),
		Syscall(unix.SYS_FSYNC, 0, 0, 0).FD(0),
	}
	Run(ops[:])
	for i, c := range []struct{ nr, a, b, c uintptr }{
		{unix.SYS_LSEEK, uintptr(fd), 3, unix.SEEK_SET},
		{unix.SYS_GETPID, 1, 2, 3},
		{unix.SYS_FSYNC, ^uintptr(0), 1, 2},
		{9999, 1, 2, 3},
		{^uintptr(1), 0, 0, 0},
		{^uintptr(2), 77, 0, 0},
		{1<<16 | unix.SYS_GETPID, 77, 0, 0},
	} {
		r1, r2, e := unix.Syscall(c.nr, c.a, c.b, c.c)
		x1, x2, xe := ops[i].Raw()
		if r1 != x1 || r2 != x2 || e != xe {
			t.Errorf("entry %d: %#x, %#x, %v; plainly %#x, %#x, %v", i, x1, x2, xe, r1, r2, e)
		}
	}
}

func TestCounters(t *testing.T) {
	before := Counters()
	x := []Op{Const(0), Const(-1), Const(0)}
	Run(x)
	Run(x[:2])
	after := Counters()
	got := Snapshot{Batches: after.Batches - before.Batches, Entries: after.Entries - before.Entries,
		SideExits: after.SideExits - before.SideExits, Fallbacks: after.Fallbacks - before.Fallbacks}
	if want := (Snapshot{Batches: 2, Entries: 4, SideExits: 1, Fallbacks: got.Fallbacks}); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
	counting.Store(false)
}

func TestExecutorName(t *testing.T) {
	switch e := Executor(); e {
	case "module", "emulator", "portable":
	default:
		t.Error(e)
	}
	if !errors.Is(unix.EINVAL, unix.EINVAL) {
		t.Fatal()
	}
}
