// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: several calls on the right of one assignment
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a, b := trap.File("a", "1"), trap.File("b", "22")
	var s, t unix.Stat_t
	trap.Begin()
	e1, e2 := unix.Lstat(a, &s), unix.Lstat(b, &t)
	e1, e2 = e2, unix.Chmod(trap.Path("x"), 0)
	var e3, e4 = unix.Unlink(a), unix.Unlink(a)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4), s.Size, t.Size)
}
