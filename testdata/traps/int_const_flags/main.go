// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: flags, constants and typed numbers in every argument place
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

const dirMode, secret = 0o750, 'a' + 0o33

func main() {
	var mode uint32 = 0o700
	d, f, g := trap.Path("d"), trap.Path("f"), trap.Path("g")
	trap.Begin()
	e1 := unix.Mkdirat(unix.AT_FDCWD, d, dirMode&^0o050)
	e2 := unix.Fchmodat(unix.AT_FDCWD, d, mode>>1|0o1, 0)
	fd, e3 := unix.Open(f, unix.O_CREAT|unix.O_EXCL|unix.O_RDWR|unix.O_CLOEXEC, secret)
	e4 := unix.Linkat(unix.AT_FDCWD, f, unix.AT_FDCWD, g, 0)
	e5 := unix.Unlinkat(unix.AT_FDCWD, d, 0)
	e6 := unix.Unlinkat(unix.AT_FDCWD, d, unix.AT_REMOVEDIR)
	trap.End()
	fmt.Println(fd > 2, trap.Errs(e1, e2, e3, e4, e5, e6))
	trap.Tree()
}
