// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: the destination pointer is moved between the calls
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a, b := trap.File("a", "1"), trap.File("b", "22")
	var sts [3]unix.Stat_t
	p := &sts[0]
	trap.Begin()
	e1 := unix.Lstat(a, p)
	p = &sts[1]
	e2 := unix.Lstat(b, p)
	q := p
	p = &sts[2]
	e3 := unix.Lstat(trap.Dir, p)
	e4 := unix.Lstat(a, q)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4), sts[0].Size, sts[1].Size, sts[2].Mode&unix.S_IFMT == unix.S_IFDIR)
}
