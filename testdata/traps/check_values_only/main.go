// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: several calls in one expression
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	fd := trap.Fd("a", "")
	var buf [6]byte
	trap.Begin()
	ok := unix.Getuid() == unix.Geteuid() && unix.Getgid() == unix.Getegid()
	same := unix.Getppid() == unix.Getppid()
	e := []error{unix.Ftruncate(fd, 6), unix.Fchmod(fd, 0o611), unix.Close(fd), unix.Close(fd)}
	trap.End()
	fmt.Println(ok, same, trap.Errs(e...), buf)
	trap.Tree()
}
