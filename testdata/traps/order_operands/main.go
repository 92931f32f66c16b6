// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: a variable is an operand beside a function that changes it
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "")
	mode := uint32(0o600)
	bump := func() string { mode++; return a }
	var st unix.Stat_t
	trap.Begin()
	e1 := unix.Chmod(bump(), mode)
	e2 := unix.Lstat(a, &st)
	first := st.Mode & 0o777
	e3 := unix.Chmod(bump(), mode|0o40)
	e4 := unix.Lstat(a, &st)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4), first, st.Mode&0o777, mode)
}
