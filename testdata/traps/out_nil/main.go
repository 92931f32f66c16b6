// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: nil destinations are EFAULT, not a panic
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "xyz")
	fd := trap.Fd("b", "12")
	var none *unix.Stat_t
	var st unix.Stat_t
	trap.Begin()
	e1 := unix.Fstat(fd, nil)
	e2 := unix.Lstat(a, none)
	e3 := unix.Fstat(fd, &st)
	e4 := unix.Fstat(-1, none)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4), st.Size)
}
