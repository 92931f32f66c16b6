// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: one destination for all calls; a failing call must leave the earlier content
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a, b := trap.File("a", "1"), trap.File("b", "22")
	var st unix.Stat_t
	buf := []byte("______")
	fd := trap.Fd("c", "xyz")
	trap.Begin()
	e1 := unix.Lstat(a, &st)
	e2 := unix.Lstat(b, &st)
	e3 := unix.Lstat(trap.Path("none"), &st)
	n1, e4 := unix.Pread(fd, buf, 0)
	n2, e5 := unix.Pread(fd, buf, 2)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4, e5), st.Size, n1, n2, string(buf))
}
