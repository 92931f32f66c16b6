// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: negative, huge and truncated numbers as descriptors, modes and offsets
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a, fd := trap.File("a", "12345"), trap.Fd("b", "0123456789")
	high := fd | 1<<33
	buf := make([]byte, 2)
	mode := uint32(0xFFFFF1A4)
	var small int8 = -1
	trap.Begin()
	e1 := unix.Fchmod(high, 0o604)
	e2 := unix.Chmod(a, mode)
	n, e3 := unix.Pread(fd, buf, -1<<63)
	e4 := unix.Fchmod(int(small), 0)
	m, e5 := unix.Pread(fd, buf, 1<<62)
	e6 := unix.Ftruncate(fd, 1<<40-1<<40+3)
	e7 := unix.Fchmod(-1<<31, 0o777)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4, e5, e6, e7), n, m)
	trap.Tree()
}
