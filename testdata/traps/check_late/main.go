// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: all results are kept and looked at after the last call
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "abcdef")
	fd := trap.Fd("b", "ghijkl")
	var s unix.Stat_t
	buf := make([]byte, 3)
	trap.Begin()
	e1 := unix.Stat(a, &s)
	n, e2 := unix.Pread(fd, buf, 4)
	e3 := unix.Unlink(trap.Path("none"))
	m, e4 := unix.Pread(fd, buf, -1)
	trap.End()
	if e1 != nil || n != 2 || e3 == nil || m != -1 {
		fmt.Println("odd")
	}
	fmt.Println(trap.Errs(e1, e2, e3, e4), s.Size, n, m, string(buf))
}
