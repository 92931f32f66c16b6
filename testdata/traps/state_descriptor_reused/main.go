// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: a closed descriptor's number is given out again at once
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a, b := trap.File("a", "aaaa"), trap.File("b", "bbbb")
	fd, err := unix.Open(a, unix.O_RDWR, 0)
	trap.Must(err)
	trap.Begin()
	e1 := unix.Close(fd)
	fd2, e2 := unix.Open(b, unix.O_RDWR, 0)
	e3 := unix.Ftruncate(fd, 2)
	e4 := unix.Close(fd2)
	e5 := unix.Ftruncate(fd, 1)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4, e5), fd == fd2)
	trap.Tree()
}
