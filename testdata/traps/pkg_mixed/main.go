// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: functions of unix and syscall take turns
package main

import (
	"fmt"
	"syscall"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "0123456789")
	var s unix.Stat_t
	var t syscall.Stat_t
	buf := make([]byte, 4)
	trap.Begin()
	fd, err := syscall.Open(a, syscall.O_RDWR, 0)
	if err != nil {
		panic(err)
	}
	e1 := unix.Fstat(fd, &s)
	e2 := syscall.Ftruncate(fd, 6)
	e3 := syscall.Fstat(fd, &t)
	n, e4 := unix.Pread(fd, buf, 4)
	e5 := syscall.Close(fd)
	e6 := unix.Close(fd)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4, e5, e6), s.Size, t.Size, n, string(buf))
}
