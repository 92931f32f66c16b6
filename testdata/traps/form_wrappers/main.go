// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: thin wrappers of the program's own around the calls
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func mode(p string, m uint32) error { return unix.Chmod(p, m) }

func stat(p string) (st unix.Stat_t, err error) {
	err = unix.Lstat(p, &st)
	return
}

func main() {
	a := trap.File("a", "123")
	trap.Begin()
	e1 := mode(a, 0o600)
	s, e2 := stat(a)
	e3 := mode(a, 0o611)
	t, e4 := stat(a)
	u, e5 := stat(a + "x")
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4, e5), s.Mode&0o777, t.Mode&0o777, u.Mode)
}
