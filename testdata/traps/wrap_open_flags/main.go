// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// want: any
// why: wrappers that do more than their system call: Open, Mkfifo, Pipe2, Access, SetNonblock
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "")
	p := []int{-5, -6}
	trap.Begin()
	fd, e1 := unix.Open(a, unix.O_RDONLY|unix.O_APPEND, 0)
	e2 := unix.Mkfifo(trap.Path("f"), 0o600)
	e3 := unix.Pipe2(p, 0x3)
	first := p[0]
	e4 := unix.Pipe2(p, unix.O_NONBLOCK)
	e5 := unix.SetNonblock(p[0], false)
	e6 := unix.Access(trap.Path("f"), unix.R_OK|unix.W_OK)
	e7 := unix.Faccessat(unix.AT_FDCWD, a, unix.R_OK, unix.AT_EACCESS)
	e8 := unix.Fchmodat(unix.AT_FDCWD, a, 0o600, unix.AT_SYMLINK_NOFOLLOW)
	fl, e9 := unix.FcntlInt(uintptr(p[1]), unix.F_GETFL, 0)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4, e5, e6, e7, e8, e9), fd > 2, first, p[0] > 2, fl&unix.O_NONBLOCK != 0)
	trap.Tree()
}
