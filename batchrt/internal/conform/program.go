// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64)

package main

import (
	"math/rand"
	"strings"
)

// A program is a batch as data: which calls, with which of the world's paths,
// buffers and descriptors, and where it goes on after each.
type program struct {
	steps []step
	again bool // the table is run twice
}

// step is one entry. Which fields count depends on op.
type step struct {
	op                string
	fd                int // descriptor, or of a reference the entry
	ref               bool
	path, path2       string
	buf               int // index of a buffer of the world
	n                 int // length used of it
	x, y              int64
	jneg, jzero, jpos int16
	second            bool // argument 1 or 2 (secondArg) is the result of step from
	from              int
	plain             bool // the jumps are said by GoOn and its like, if those can
	out               bool // the entry is left out
	load              loadStep
}

// loadStep says what a "load" step reads and to which step it brings it.
type loadStep struct {
	to    int
	width int  // as in wdcpy
	null  bool // a nil source
	buf   int  // the source is in this buffer, which calls read into, or, if negative, a word of its own
	off   int  // at this offset, aligned or not
}

// secondArg names the calls of which an argument other than the descriptor may
// be the result of another call, and which argument that is.
var secondArg = map[string]int{"seek": 1, "ftruncate": 1, "pread": 2, "pwrite": 2, "fadvise": 1, "raw": 1}

// kinds are the calls that programs are made of: on private files only, none
// waits, none changes more of the process than its umask, descriptors and
// working directory.
var kinds = []string{
	"fstat", "lstat", "stat", "fstatat", "access", "faccessat2", "pread", "pwrite", "read", "write", "seek",
	"ftruncate", "truncate", "fchmod", "chmod", "mkdir", "rmdir", "unlink", "unlinkat", "rename", "link", "symlink",
	"readlink", "open", "openat", "close", "dup", "dup3", "getxattr", "fgetxattr", "setxattr", "fsetxattr", "listxattr",
	"removexattr", "umask", "getcwd", "setsockoptint", "setsockoptbyte", "fsync", "fadvise", "eventfd", "mkdirat",
	"utimesnano", "copyrange", "sendfile", "raw", "rawnosys", "const", "load", "statfs", "fcntl", "mlock",
	"fstatnil", "lstatnil", "rawbad", "getcwdnil",
}

// givesFD names the calls to whose results others may refer: a new descriptor,
// or a number that is surely none. Any other small number could be one of the
// runtime's own descriptors.
var givesFD = map[string]bool{"open": true, "openat": true, "dup": true, "eventfd": true, "const": true, "rawnosys": true}

// names are the paths that programs use, relative to their directory.
var names = []string{"a", "b", "d", "d/x", "s", "gone", "gone/x", "new", "d/new", ".", "", "a\x00b", "\x00",
	strings.Repeat("./", 150) + "a", strings.Repeat("n", 300), strings.Repeat("d/../", 60) + "b"}

// newProgram makes the program with a number, the same each time.
func newProgram(seed int64) program { return decode(rand.New(rand.NewSource(seed))) }

// decode makes a program from numbers.
func decode(r *rand.Rand) program {
	n := 1 + r.Intn(12)
	switch r.Intn(20) {
	case 0:
		n = 60 + r.Intn(80) // across the emulator's bound on entries per run
	case 1:
		n = 1
	case 2:
		if r.Intn(200) == 0 {
			n = 1000 + r.Intn(4000)
		}
	}
	p := program{steps: make([]step, n), again: r.Intn(5) == 0}
	for i := range p.steps {
		s := &p.steps[i]
		s.op = kinds[r.Intn(len(kinds))]
		s.fd = descriptor(r)
		if i > 0 && r.Intn(2) == 0 {
			if to := r.Intn(i); givesFD[p.steps[to].op] {
				s.ref, s.fd = true, to
			}
		}
		if _, ok := secondArg[s.op]; ok && i > 0 && r.Intn(4) == 0 {
			// The portable variant does not see which number dup3 gave.
			if from := r.Intn(i); p.steps[from].op != "dup3" {
				s.second, s.from = true, from
			}
		}
		s.path, s.path2 = names[r.Intn(len(names))], names[r.Intn(len(names))]
		s.buf, s.n = r.Intn(buffers), []int{0, 1, 7, 100, bufferSize}[r.Intn(5)]
		s.x, s.y = number(r), number(r)
		s.jneg, s.jzero, s.jpos = jump(r, n), jump(r, n), jump(r, n)
		s.plain, s.out = r.Intn(2) == 0, r.Intn(12) == 0
		if s.op == "load" {
			s.load = loadStep{to: i + 1 + r.Intn(3), width: []int{8, -8, 4, -4, 2, -2, 1, -1}[r.Intn(8)], null: r.Intn(5) == 0,
				buf: r.Intn(buffers+1) - 1, off: r.Intn(20)}
		}
		if s.op == "dup3" {
			s.jzero = s.jpos
		}
		if s.op == "const" {
			s.x = []int64{0, 1 << 20, -1, -2, -4095, -4096, 1<<40 | 1<<20, -1<<40 | 1<<20, -1<<63 | 1<<20}[r.Intn(9)]
		}
	}
	// A load goes to the offset of a seek, the one argument that is surely there.
	for i := range p.steps {
		s := &p.steps[i]
		if s.op != "load" {
			continue
		}
		if s.load.to >= n {
			s.op, s.x = "const", 1<<20
			continue
		}
		t := &p.steps[s.load.to]
		if t.op == "load" {
			s.op, s.x = "const", 1<<21
			continue
		}
		t.op, t.ref, t.fd, t.second = "seek", false, firstFD, false
	}
	// Steps have changed since references to them were made.
	for i := range p.steps {
		if s := &p.steps[i]; s.ref && !givesFD[p.steps[s.fd].op] {
			s.ref, s.fd = false, -1
		}
	}
	return p
}

// runs is how often the table is run.
func (p program) runs() int {
	if p.again {
		return 2
	}
	return 1
}

// jump is mostly the next entry or the end, sometimes anywhere.
func jump(r *rand.Rand, n int) int16 {
	switch r.Intn(10) {
	case 0:
		return -1
	case 1:
		return int16(r.Intn(n + 3))
	case 2:
		return []int16{32767, -32768, -2, 64, 63}[r.Intn(5)]
	}
	return 0
}

// descriptor is one of the world's, or none.
func descriptor(r *rand.Rand) int {
	if r.Intn(12) == 0 {
		return []int{-1, 1 << 20, -100}[r.Intn(3)]
	}
	return firstFD + r.Intn(worldFDs)
}

func number(r *rand.Rand) int64 {
	switch r.Intn(8) {
	case 0:
		return -1
	case 1:
		return int64(r.Intn(1 << 16))
	}
	return int64(r.Intn(12))
}
