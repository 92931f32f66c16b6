// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// want: batch
// why: dup3 over a descriptor that later calls use
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a, b := trap.Fd("a", "aaaa"), trap.Fd("b", "bbbb")
	trap.Begin()
	e1 := unix.Ftruncate(a, 3)
	e2 := unix.Dup3(b, a, unix.O_CLOEXEC)
	e3 := unix.Ftruncate(a, 2)
	e4 := unix.Close(b)
	e5 := unix.Fchmod(a, 0o600)
	d, e6 := unix.Dup(a)
	e7 := unix.Dup3(a, a, 0)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4, e5, e6, e7), d == b)
	trap.Tree()
}
