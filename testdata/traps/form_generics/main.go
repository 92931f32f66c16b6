// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: groups in generic functions and methods of generic types
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

type path interface{ ~string }

type pair[T path, N int | uint32] struct {
	x, y T
	m    N
}

func (p pair[T, N]) apply() (n int, err error) {
	if err = unix.Chmod(string(p.x), uint32(p.m)); err != nil {
		return 1, err
	}
	if err = unix.Chmod(string(p.y), uint32(p.m|1)); err != nil {
		return 2, err
	}
	return 0, nil
}

func sizes[T path](a, b T) (int64, error) {
	var s, t unix.Stat_t
	if err := unix.Lstat(string(a), &s); err != nil {
		return -1, err
	}
	if err := unix.Lstat(string(b), &t); err != nil {
		return -2, err
	}
	return s.Size*10 + t.Size, nil
}

type file string

func main() {
	a, b := trap.File("a", "1"), file(trap.File("b", "22"))
	trap.Begin()
	fmt.Println(sizes(a, string(b)))
	fmt.Println(sizes(b, file(a)))
	fmt.Println(sizes[file](b, ""))
	fmt.Println(pair[file, int]{b, file(a), 0o600}.apply())
	fmt.Println(pair[string, uint32]{a, "", 0o640}.apply())
	trap.End()
	trap.Tree()
}
