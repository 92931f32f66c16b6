// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: a NUL byte in the middle of unchecked calls: the others are made
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "12")
	buf := []byte("....")
	trap.Begin()
	e1 := unix.Symlink("a", trap.Path("l"))
	e2 := unix.Symlink("a\x00b", trap.Path("m"))
	n, e3 := unix.Readlink(trap.Path("l\x00"), buf)
	fd, e4 := unix.Open(a+"\x00", unix.O_RDONLY, 0)
	m, e5 := unix.Readlink(trap.Path("l"), buf)
	e6 := unix.Rename(a, "x\x00")
	e7 := unix.Chmod(a, 0o640)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4, e5, e6, e7), n, fd, m, string(buf))
	trap.Tree()
}
