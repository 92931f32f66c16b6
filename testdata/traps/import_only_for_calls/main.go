// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: after a rewrite nothing of the package is used any more
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a, b := trap.File("a", "1"), trap.File("b", "22")
	trap.Begin()
	e1 := unix.Chmod(a, 0o600)
	e2 := unix.Chmod(b, 0o611)
	e3 := unix.Unlink(trap.Path("x"))
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3))
	trap.Tree()
}
