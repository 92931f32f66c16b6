// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/autobatch/autobatch/internal/effects"
)

// opened is read once: type-checking some fifty views takes seconds.
var opened = sync.OnceValues(func() (*maker, error) {
	root, err := findRoot()
	if err != nil {
		return nil, err
	}
	return newMaker(root)
})

// open returns a maker of its own, with its own overlay, on shared sources.
func open(t *testing.T) *maker {
	t.Helper()
	shared, err := opened()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../overlay.txt")
	if err != nil {
		t.Fatal(err)
	}
	m := *shared
	m.problems = nil
	if m.overlay, err = parseOverlay("overlay.txt", string(text)); err != nil {
		t.Fatal(err)
	}
	return &m
}

// TestCurrent is the generator's -check.
func TestCurrent(t *testing.T) {
	root, err := findRoot()
	if err != nil {
		t.Fatal(err)
	}
	if err := run(root, true, false); err != nil {
		t.Error(err)
	}
}

// TestEverything counts anew: each exported function of each version on each
// Linux GOARCH has a row, possible or with a reason.
func TestEverything(t *testing.T) {
	m := open(t)
	n := map[string]bool{}
	for _, s := range []*source{m.old, m.newer} {
		for name := range m.exported(s) {
			n[name] = true
			if effects.Lookup("golang.org/x/sys/unix", name) == nil {
				t.Errorf("%s has no row", name)
			}
		}
	}
	rows := 0
	for _, f := range effects.All() {
		if !f.StdOnly {
			rows++
			if !n[f.Name] {
				t.Errorf("the row %s stands for nothing", f.Name)
			}
		}
	}
	if rows != len(n) {
		t.Errorf("%d rows for %d functions", rows, len(n))
	}
}

// TestUnclassified: a function that a new x/sys brings must stop the
// generator, by name, whether it is plain, hand-written or harmless.
func TestUnclassified(t *testing.T) {
	m := open(t)
	dir := t.TempDir()
	for _, n := range m.newer.names {
		if err := os.Symlink(filepath.Join(m.newer.dir, n), filepath.Join(dir, n)); err != nil {
			t.Fatal(err)
		}
	}
	src := `package unix

func Frobnicate(fd int) (err error) {
	_, _, e1 := Syscall(SYS_CLOSE, uintptr(fd), 0, 0)
	if e1 != 0 {
		err = errnoErr(e1)
	}
	return
}

func FrobnicateAll(fds []int) {
	for _, fd := range fds {
		Frobnicate(fd)
	}
}

func FrobArm64Only() { RawSyscall(SYS_CLOSE, 0, 0, 0) }

func FrobNothing(a, b uint32) uint64 { return uint64(a)<<32 | uint64(b) }
`
	if err := os.WriteFile(filepath.Join(dir, "frob_linux.go"), []byte(src), 0o666); err != nil {
		t.Fatal(err)
	}
	var err error
	if m.newer, err = newSource(dir, m.newer.path); err != nil {
		t.Fatal(err)
	}
	m.demand()
	rows := m.rows()
	all := strings.Join(m.problems, "\n")
	for _, n := range []string{"Frobnicate", "FrobnicateAll", "FrobArm64Only"} {
		if !strings.Contains(all, n+" is not classified") {
			t.Errorf("%s went unnoticed; problems: %s", n, all)
		}
	}
	if len(m.problems) != 3 {
		t.Errorf("%d problems, want 3: %s", len(m.problems), all)
	}
	for _, r := range rows {
		if r.Name == "FrobNothing" && r.Reason == effects.ReasonNoCall {
			return
		}
	}
	t.Error("FrobNothing, which makes no call, was not seen as such")
}

// TestOverlayChecked: what the overlay claims is held against the source.
func TestOverlayChecked(t *testing.T) {
	claims := []struct{ line, want string }{
		{"Fstat none", "Fstat: say stat:in, stat:out or stat:inout"},
		{"Fstat none stat:out buf:out", "Fstat has no parameter buf"},
		{"Fstat none stat:out fd:in", "Fstat: parameter fd (int) takes no direction"},
		{"Wait4 none wstatus:out rusage:out", "Wait4 cannot be an entry: on amd64 it"},
		{"ProcessVMReadv none localIov:in remoteIov:in", "ProcessVMReadv cannot be an entry: localIov.Base is a pointer"},
		{"SetsockoptInt none", "SetsockoptInt is more than a forwarder"},
		{"Listns none req:in nsIds:out", "Listns is only in x/sys"},
		{"Close never version: no", "Close is in x/sys"},
		{"Frobnicate none", "neither x/sys"},
		{"syscall.Fsync none", "syscall.Fsync makes the same call"},
		{"syscall.Wait4 none wstatus:out rusage:out", "syscall.Wait4 cannot be an entry"},
		{"Ppoll none fds:inout timeout:in sigmask:in", "Ppoll cannot be an entry: on amd64 it branches on len(fds) == 0"},
		{"Utime none buf:in", "Utime cannot be an entry: on arm64"},
	}
	for len(claims) > 0 {
		// One run checks one claim for each name.
		m := open(t)
		rest := claims[:0:0]
		said := map[string]bool{}
		now := claims[:0:0]
		for _, c := range claims {
			name, _, _ := strings.Cut(c.line, " ")
			if said[name] {
				rest = append(rest, c)
				continue
			}
			said[name] = true
			now = append(now, c)
			o, err := parseOverlay("overlay.txt", "topic misc\n"+c.line)
			if err != nil {
				t.Fatal(err)
			}
			m.overlay.exact[name] = o.exact[name]
		}
		m.rows()
		all := strings.Join(m.problems, "\n")
		for _, c := range now {
			if !strings.Contains(all, c.want) {
				t.Errorf("%s: problems %q, want %s", c.line, all, c.want)
			}
		}
		claims = rest
	}
}

// TestNoCall: the rows that need no line in the overlay really make no call.
func TestNoCall(t *testing.T) {
	m := open(t)
	arches := []string{"amd64", "arm64"}
	for _, n := range []string{"Major", "NsecToTimespec", "ByteSliceFromString", "CmsgSpace", "UnixRights", "SignalName"} {
		if why := m.noCall(m.old, n, arches); why != "" {
			t.Errorf("%s: %s", n, why)
		}
	}
	for _, n := range []string{"Close", "Lstat", "Getwd", "Bind", "Exec", "Setuid", "Mmap", "Accept", "Getpagesize", "IoctlGetInt", "Syscall"} {
		if m.noCall(m.old, n, arches) == "" {
			t.Errorf("%s is taken for a function that makes no call", n)
		}
	}
}
