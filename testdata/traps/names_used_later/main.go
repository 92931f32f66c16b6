// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: names that a rewriter may choose are declared behind the group, in the same block
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	x, y := trap.File("a", ""), trap.File("b", "")
	trap.Begin()
	e1 := unix.Chmod(x, 0o600)
	e2 := unix.Chmod(y, 0o601)
	var a, ops = 1, 2
	e3 := unix.Chmod(x, 0o640)
	e4 := unix.Chmod(y, 0o641)
	ops1, a1, ops2 := 3, 4, 5
	trap.End()
	fmt.Println(a, ops, ops1, a1, ops2, trap.Errs(e1, e2, e3, e4))
	trap.Tree()
}
