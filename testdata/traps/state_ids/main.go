// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: calls without arguments and without errors
package main

import (
	"fmt"
	"os"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	fd := trap.Fd("a", "")
	trap.Begin()
	p1 := unix.Getppid()
	u := unix.Getuid()
	e1 := unix.Ftruncate(fd, 1)
	g := unix.Getegid()
	p2 := unix.Getppid()
	pg := unix.Getpgrp()
	trap.End()
	fmt.Println(p1 == p2, u == os.Getuid(), g == os.Getegid(), pg > 0, trap.Err(e1))
}
