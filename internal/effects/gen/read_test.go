// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// small is a package made of the pieces that real wrappers are made of.
const small = `package unix

import ("syscall"; "unsafe")

const (
	SYS_FROB = 42
	SYS_GET  = 43
	FLAG     = 0x100
	raceenabled = false
)

type Thing struct{ A, B int32 }

var nr uintptr = SYS_FROB
var moving uintptr = SYS_FROB
var counter int
var Number uintptr = SYS_FROB

func init() { moving = SYS_GET }

func Syscall(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err syscall.Errno)
func Syscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err syscall.Errno)
func RawSyscallNoError(trap, a1, a2, a3 uintptr) (r1, r2 uintptr)

func frob(fd int, n int32) (r int, err error) {
	r0, _, e1 := Syscall(SYS_FROB, uintptr(fd), uintptr(n), 0)
	r = int(r0)
	if e1 != 0 {
		err = errnoErr(e1)
	}
	return
}
func Frob(fd int, n int32) (int, error) { return frob(fd, n) }
func Wide(fd int, n int64) (int, error) { return frob(fd, int32(n)) }
func Flag(fd int, n int32) (int, error) { return frob(fd|FLAG, n) }
func Race(fd int, n int32) (r int, err error) {
	r, err = frob(fd, n)
	if raceenabled && r > 0 {
		counter++
	}
	return
}
func Through(fd int) (err error) {
	_, _, e := Syscall(nr, uintptr(fd), 0, 0)
	if e == 0 {
		return nil
	}
	return e
}
func Sized(fd int, t *Thing) error {
	_, _, e := Syscall(SYS_GET, uintptr(fd), uintptr(unsafe.Pointer(t)), unsafe.Sizeof(*t))
	if e != 0 {
		return errnoErr(e)
	}
	return nil
}
func Imm(fd int, v byte) (err error) {
	_, _, e1 := Syscall(SYS_GET, uintptr(fd), uintptr(unsafe.Pointer(&v)), 1)
	if e1 != 0 {
		err = errnoErr(e1)
	}
	return
}
func Pid() (pid int) {
	r0, _ := RawSyscallNoError(SYS_GET, 0, 0, 0)
	pid = int(r0)
	return
}

// What must be refused.
func Twice(fd int) (int, error) { frob(fd, 1); return frob(fd, 2) }
func Moving(fd int) (err error) {
	_, _, e1 := Syscall(moving, uintptr(fd), 0, 0)
	if e1 != 0 {
		err = errnoErr(e1)
	}
	return
}
func ZeroOnError(fd int) (int, error) {
	r0, _, e1 := Syscall(SYS_GET, uintptr(fd), 0, 0)
	if e1 != 0 {
		return 0, e1
	}
	return int(r0), nil
}
func CopiesOut(fd int) (int, error) {
	var v int32
	_, _, e1 := Syscall(SYS_GET, uintptr(fd), uintptr(unsafe.Pointer(&v)), 0)
	if e1 != 0 {
		return 0, e1
	}
	return int(v), nil
}
func Branches(fd int) (int, error) {
	if fd < 0 {
		return -1, nil
	}
	return frob(fd, 1)
}
func Global(fd int) (int, error) { counter = fd; return frob(fd, 1) }
func Plus(fd int) (r int, err error) {
	r, err = frob(fd, 1)
	r = r + 1
	return
}
func Drops(fd int) (r int) { r, _ = frob(fd, 1); return }
func Derefs(t *Thing) (int, error) { return frob(int(t.A), 1) }
func Loops(fd int) (r int, err error) {
	for i := 0; i < 3; i++ {
		r, err = frob(fd, 1)
	}
	return
}
func Shadows(fd int) (r int, err error) {
	{
		r, err := frob(fd, 1)
		_, _ = r, err
	}
	return
}
func Exported(fd int) (err error) {
	_, _, e1 := Syscall(Number, uintptr(fd), 0, 0)
	if e1 != 0 {
		err = errnoErr(e1)
	}
	return
}
func Nothing(fd int) error { return nil }
func errnoErr(e syscall.Errno) error { return e }
`

func smallView(t *testing.T) *maker {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "x_linux.go"), []byte(small), 0o666); err != nil {
		t.Fatal(err)
	}
	s, err := newSource(dir, "unix")
	if err != nil {
		t.Fatal(err)
	}
	return &maker{old: s}
}

func TestRead(t *testing.T) {
	m := smallView(t)
	for name, want := range map[string]string{
		"Frob":    "42($0,$1,) guard= r0 err",
		"Wide":    "42($0,int32($1),) guard= r0 err",
		"Flag":    "42(($0|256),$1,) guard= r0 err",
		"Race":    "42($0,$1,) guard= r0 err",
		"Through": "42($0,) guard= err",
		"Sized":   "43($0,$1,8,) guard= err",
		"Imm":     "43($0,&($1),1,) guard= err",
		"Pid":     "43() guard= cannot fail r0",
	} {
		s, why := m.encodingOf(t, name)
		if why != "" {
			t.Errorf("%s: %s", name, why)
		} else if s.key() != want && strings.Replace(s.key(), "errno", "err", 1) != want {
			t.Errorf("%s: %s, want %s", name, s.key(), want)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	m := smallView(t)
	for name, want := range map[string]string{
		"Twice":       "makes more than one system call",
		"Moving":      "moving",
		"ZeroOnError": "returns other values than the kernel's when the call fails",
		"CopiesOut":   "passes conversion of ?&v",
		"Branches":    "branches on fd < 0",
		"Global":      "stores into counter",
		"Plus":        "returns other values than the kernel's",
		"Drops":       "drops the call's error",
		"Derefs":      "t.A",
		"Shadows":     "declares a second r",
		"Exported":    "Number",
		"Loops":       "ForStmt",
		"Nothing":     "makes no system call",
	} {
		s, why := m.encodingOf(t, name)
		if why == "" {
			t.Errorf("%s is read as %s", name, s.key())
		} else if !strings.Contains(why, want) {
			t.Errorf("%s: %s, want %s", name, why, want)
		}
	}
}

func (m *maker) encodingOf(t *testing.T, name string) (*sem, string) {
	t.Helper()
	v, err := m.old.view(port{"linux", "amd64"})
	if err != nil {
		t.Fatal(err)
	}
	fd := v.funcs[name]
	if fd == nil {
		t.Fatalf("no %s", name)
	}
	return m.encoding(m.old, "amd64", name, resultForm(v.fieldList(fd.Type.Results)))
}
