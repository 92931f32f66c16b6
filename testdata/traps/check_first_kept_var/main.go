// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: the first error is kept in one variable by tests that name two
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a, b := trap.File("a", ""), trap.File("b", "")
	var first error
	trap.Begin()
	e := unix.Chmod(trap.Path("none"), 0o600)
	if first == nil {
		first = e
	}
	e = unix.Chmod(a, 0o600)
	if first == nil {
		first = e
	}
	e = unix.Rmdir(b)
	if first == nil {
		first = e
	}
	trap.End()
	fmt.Println(trap.Errs(first, e))
	trap.Tree()
}
