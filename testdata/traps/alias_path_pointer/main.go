// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: the path is read through a pointer that a function between writes to
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

var other *string

//go:noinline
func touch(s string) { *other = s }

func use(p *string) (error, error) {
	e1 := unix.Chmod(*p, 0o600)
	touch(trap.Path("b"))
	e2 := unix.Chmod(*p, 0o601)
	return e1, e2
}

func main() {
	trap.File("b", "")
	path := trap.File("a", "")
	other = &path
	trap.Begin()
	e1, e2 := use(&path)
	trap.End()
	fmt.Println(trap.Errs(e1, e2))
	trap.Tree()
}
