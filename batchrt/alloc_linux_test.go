// SPDX-License-Identifier: BSD-3-Clause

package batchrt

import (
	"runtime/debug"
	"testing"

	"golang.org/x/sys/unix"
)

func fstatGroup(fd int) (int64, error) {
	var a, b unix.Stat_t
	ops := [...]Op{
		Fstat(fd, &a).OrStop(),
		Fstat(fd, &b).OrStop(),
	}
	Run(ops[:])
	if err := ops[0].Err(); err != nil {
		return 0, err
	}
	if err := ops[1].Err(); err != nil {
		return 0, err
	}
	return a.Size + b.Size, nil
}

func lstatGroup(p, q string) (int64, error) {
	var a Arena
	var x, y unix.Stat_t
	ops := [...]Op{
		a.Lstat(p, &x).OrStop(),
		a.Lstat(q, &y).OrStop(),
	}
	Run(ops[:])
	if err := ops[0].Err(); err != nil {
		return 0, err
	}
	if err := ops[1].ErrOr(func() error { return unix.Lstat(q, &y) }); err != nil {
		return 0, err
	}
	return x.Size + y.Size, nil
}

func sockoptGroup(fd int) error {
	ops := [...]Op{
		SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1).OrStop(),
		SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1).OrStop(),
	}
	Run(ops[:])
	if err := ops[0].Err(); err != nil {
		return err
	}
	return ops[1].Err()
}

func chainGroup(p string, buf []byte) (int, error) {
	var a Arena
	ops := [...]Op{
		a.Open(p, unix.O_RDONLY|unix.O_CLOEXEC, 0).OrStop(),
		Pread(-1, buf, 0).FD(0),
		Load(3, 2, new(int32)),
		Pread(-1, buf, 5).FD(0),
		Close(-1).FD(0),
	}
	Run(ops[:])
	if _, err := ops[0].Int(); err != nil {
		return 0, err
	}
	if err := ops[4].Err(); err != nil {
		return 0, err
	}
	return ops[3].Int()
}

// loopGroup is a strip-mined loop: paths that do not fit the arena take one
// piece of the heap for all strips.
func loopGroup(paths []string) error {
	var a Arena
	var ops [16]Op
	var st [16]unix.Stat_t
	for len(paths) > 0 {
		n := min(len(paths), 16)
		a.Reset()
		for i, p := range paths[:n] {
			ops[i] = a.Lstat(p, &st[i]).OrStop()
		}
		Run(ops[:n])
		for i := range paths[:n] {
			if err := ops[i].Err(); err != nil {
				return err
			}
		}
		paths = paths[n:]
	}
	return nil
}

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
	if err := func() error { _, err := lstatGroup(path+"-not-there", path); return err }(); err != unix.ENOENT {
		t.Error(err)
	}
}
