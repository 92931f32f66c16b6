// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: the package itself has ops, a, op, batchrt, Run and Op
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

var ops = []string{"x"}

type Op struct{ n int }

func Run(o []Op) int { return len(o) }

func a() string { return trap.Path("a") }

const batchrt, op, arena = "batchrt", 2, 3

func both() (string, error) {
	if err := unix.Chmod(a(), 0o600); err != nil {
		return ops[0], err
	}
	b := trap.Path("b")
	if err := unix.Chmod(b, 0o601); err != nil {
		return batchrt, err
	}
	if err := unix.Chmod(b, 0o604); err != nil {
		return batchrt, err
	}
	return fmt.Sprint(ops, Run(make([]Op, op)), arena, Op{4}.n), nil
}

func main() {
	trap.File("a", "")
	trap.Begin()
	s1, e1 := both()
	trap.File("b", "")
	s2, e2 := both()
	trap.End()
	fmt.Println(s1, s2, trap.Errs(e1, e2))
	trap.Tree()
}
