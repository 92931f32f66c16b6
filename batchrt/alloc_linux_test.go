// SPDX-License-Identifier: BSD-3-Clause

package batchrt

import (
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestAllocations(t *testing.T) {
	if sanitized {
		t.Skip("instrumented code allocates")
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "-gcflags" {
				t.Skip("other code than users have:", s.Value)
			}
		}
	}
	path, fd := tmpFile(t, 99)
	sock, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(sock)
	buf := make([]byte, 10)
	var paths []string
	for i := 0; i < 64; i++ {
		paths = append(paths, path)
	}
	plain := testing.AllocsPerRun(100, func() { var st unix.Stat_t; unix.Lstat(path, &st) })
	check := func(name string, most float64, f func() error) {
		t.Helper()
		if err := f(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if n := testing.AllocsPerRun(100, func() { f() }); n > most {
			t.Errorf("%s: %v allocations, want at most %v", name, n, most)
		}
	}
	check("fstat", 0, func() error { _, err := fstatGroup(fd); return err })
	check("setsockopt", 0, func() error { return sockoptGroup(sock) })
	if Executor() == "portable" {
		check("lstat", 2*plain, func() error { _, err := lstatGroup(path, path); return err })
		check("chain", plain, func() error { _, err := chainGroup(path, buf); return err })
		check("loop", 64*plain, func() error { return loopGroup(paths) })
		return
	}
	check("lstat", 0, func() error { _, err := lstatGroup(path, path); return err })
	check("chain", 0, func() error { _, err := chainGroup(path, buf); return err })
	check("loop", 1, func() error { return loopGroup(paths) })
	// Long paths, for which the arena takes more than one piece from the heap:
	// then a longer loop takes no more than a short one.
	dir, name := filepath.Split(path)
	long := dir + strings.Repeat("./", 60) + name
	var few, many []string
	for range 4 * 16 {
		few = append(few, long)
	}
	for range 100 {
		many = append(many, few...)
	}
	if n := testing.AllocsPerRun(20, func() { loopGroup(few) }); n == 0 || n > 4 {
		t.Errorf("a loop with long paths: %v allocations", n)
	} else {
		// What the run-time system allocates meanwhile counts, too: the least of
		// some measurements is the loop's own.
		m := testing.AllocsPerRun(5, func() { loopGroup(many) })
		for try := 0; m > n && try < 4; try++ {
			m = min(m, testing.AllocsPerRun(5, func() { loopGroup(many) }))
		}
		if m > n {
			t.Errorf("a loop with long paths, 100 times as long: %v allocations, not %v", m, n)
		}
	}
	if err := func() error { _, err := lstatGroup(path+"-not-there", path); return err }(); err != unix.ENOENT {
		t.Error(err)
	}
}
