// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/autobatch/autobatch/batchrt"
	"github.com/autobatch/autobatch/cmd/batchbench/pairs"
)

// figures are what one process has measured.
type figures struct {
	Executor string
	Rows     []row
	Series   []point
}

// row is a line of the table.
type row struct {
	Name   string
	Goal   float64
	Per    int // what Ratio is divided by
	Result pairs.Result
	Allocs float64
	Before float64 // allocations of the original
}

// point is what one call of a batch of N costs, against the plain one.
type point struct {
	Call  string
	N     int
	Plain float64 // ns
	Ratio float64
}

func must[T any](f func() (T, error)) func() {
	return func() {
		if _, err := f(); err != nil {
			panic(err)
		}
	}
}

func check(f func() error) func() {
	return func() {
		if err := f(); err != nil {
			panic(err)
		}
	}
}

func getppid() { unix.Getppid() }

var cases = []benchCase{
	{"1 x fstat", 1.02, 1, must(fstat1), must(fstat1Batch)},
	{"2 x fstat", 0.98, 1, must(fstat2), must(fstat2Batch)},
	{"4 x fstat", 0.90, 1, must(fstat4), must(fstat4Batch)},
	{"8 x fstat", 0.88, 1, check(fstat8), check(fstat8Batch)},
	{"5 x setsockopt", 0.92, 1, check(sockopt5), check(sockopt5Batch)},
	{"2 x lstat", 0.98, 1, must(lstat2), must(lstat2Batch)},
	{"3 x lstat", 0.90, 1, must(lstat3), must(lstat3Batch)},
	{"8 x lstat", 0.87, 1, check(lstat8), check(lstat8Batch)},
	{"8 x pread", 0.90, 1, check(pread8), check(pread8Batch)},
	{"open fstat read close", 0.95, 1, check(chain), check(chainBatch)},
	{"64 x lstat in strips", 0.91, 1, check(lstat64), check(lstat64Batch)},
	{"build, fd entry", 0.10, 8, getppid, buildFD},
	{"build, path entry", 0.15, 8, getppid, buildPath},
}

// floors are what no emulator can beat by leaving out the scheduler's
// hand-shake: the calls without it, by syscall.RawSyscall.
var floors = []benchCase{
	{"4 x fstat, raw", 0, 1, must(fstat4), fstat4Raw},
	{"3 x lstat, raw", 0, 1, must(lstat3), lstat3Raw},
}

// measure measures in this process and writes the figures to standard output.
func measure(o options, series bool) error {
	undo, err := prepare()
	if err != nil {
		return err
	}
	defer undo()
	f := figures{Executor: batchrt.Executor()}
	if series {
		f.Series = costs(o)
	} else {
		for _, c := range append(cases, floors...) {
			if !strings.Contains(c.name, o.Run) {
				continue
			}
			r := row{Name: c.name, Goal: c.goal, Per: c.per, Result: pairs.Compare(c.original, c.changed, pairs.Options{Pairs: o.Pairs}),
				Before: testing.AllocsPerRun(100, c.original), Allocs: testing.AllocsPerRun(100, c.changed)}
			r.Result.Ratio /= float64(c.per)
			r.Result.Spread /= float64(c.per)
			f.Rows = append(f.Rows, r)
		}
	}
	return json.NewEncoder(os.Stdout).Encode(f)
}

// prepare makes the files that the calls are about.
func prepare() (undo func(), err error) {
	dir, err := os.MkdirTemp("", "batchbench")
	if err != nil {
		return nil, err
	}
	for i := range paths {
		paths[i] = filepath.Join(dir, fmt.Sprintf("f%d", i))
		if err := os.WriteFile(paths[i], make([]byte, 4096), 0o600); err != nil {
			return nil, err
		}
	}
	path = paths[0]
	cpath = append([]byte(path), 0)
	if fd, err = unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0); err != nil {
		return nil, err
	}
	if sock, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0); err != nil {
		return nil, err
	}
	return func() {
		unix.Close(fd)
		unix.Close(sock)
		os.RemoveAll(dir)
	}, nil
}

// costs measures what one call costs in batches of different lengths.
func costs(o options) (list []point) {
	for _, n := range []int{1, 2, 3, 4, 6, 8, 12, 16, 32, 64} {
		for _, c := range []struct {
			name         string
			plain, batch func()
		}{
			{"fstat", func() { fstats(n) }, func() { fstatsBatch(n) }},
			{"lstat", func() { lstats(n) }, func() { lstatsBatch(n) }},
		} {
			r := pairs.Compare(c.plain, c.batch, pairs.Options{Pairs: max(o.Pairs/4, 20)})
			list = append(list, point{Call: c.name, N: n, Plain: r.Low / float64(n), Ratio: r.Ratio})
		}
	}
	return list
}

//go:noinline
func fstat4Raw() {
	var st [4]unix.Stat_t
	for i := range st {
		if _, _, e := syscall.RawSyscall(syscall.SYS_FSTAT, uintptr(fd), uintptr(unsafe.Pointer(&st[i])), 0); e != 0 {
			panic(e)
		}
	}
}

//go:noinline
func lstat3Raw() {
	var st [3]unix.Stat_t
	at := unix.AT_FDCWD
	for i := range st {
		if _, _, e := syscall.RawSyscall6(fstatat, uintptr(at), uintptr(unsafe.Pointer(&cpath[0])),
			uintptr(unsafe.Pointer(&st[i])), unix.AT_SYMLINK_NOFOLLOW, 0, 0); e != 0 {
			panic(e)
		}
	}
}
