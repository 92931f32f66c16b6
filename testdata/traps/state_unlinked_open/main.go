// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: a file is unlinked, replaced and still open
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	fd, a := trap.Fd("a", "old"), trap.Path("a")
	b := trap.File("b", "new!")
	var s1, s2, s3 unix.Stat_t
	trap.Begin()
	e1 := unix.Unlink(a)
	e2 := unix.Fstat(fd, &s1)
	e3 := unix.Stat(a, &s2)
	e4 := unix.Rename(b, a)
	e5 := unix.Stat(a, &s2)
	e6 := unix.Fstat(fd, &s3)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4, e5, e6), s1.Size, s1.Nlink, s2.Size, s3.Size, s1.Ino == s2.Ino)
	trap.Tree()
}
