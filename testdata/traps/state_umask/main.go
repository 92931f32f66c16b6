// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: the umask changes between creations, its old value comes back as a result
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	trap.Begin()
	o1 := unix.Umask(0o077)
	e1 := unix.Mkdir(trap.Path("a"), 0o777)
	o2 := unix.Umask(0o002)
	e2 := unix.Mkdir(trap.Path("b"), 0o777)
	o3 := unix.Umask(o2 | 0o100)
	e3 := unix.Mkdir(trap.Path("c"), 0o777)
	o4 := unix.Umask(o1)
	trap.End()
	fmt.Printf("%o %o %o %o %s\n", o1, o2, o3, o4, trap.Errs(e1, e2, e3))
	trap.Tree()
}
