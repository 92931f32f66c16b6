// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: every error is wrapped in a type of the program's own
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

type opError struct {
	op, path string
	err      error
}

func (e *opError) Error() string { return e.op + " " + e.path + ": " + e.err.Error() }
func (e *opError) Unwrap() error { return e.err }

func move(from, to string, st *unix.Stat_t) error {
	if err := unix.Lstat(from, st); err != nil {
		return &opError{"lstat", from, err}
	}
	if err := unix.Rename(from, to); err != nil {
		return &opError{"rename", to, err}
	}
	if err := unix.Lstat(to, st); err != nil {
		return &opError{"lstat", to, err}
	}
	return nil
}

func main() {
	a := trap.File("a", "abc")
	var st unix.Stat_t
	trap.Begin()
	e1 := move(a, trap.Path("b"), &st)
	e2 := move(a, trap.Path("c"), &st)
	e3 := move(trap.Path("b"), trap.Path("no/c"), &st)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3), st.Size)
}
