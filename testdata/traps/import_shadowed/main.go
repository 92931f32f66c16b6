// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: a local variable is called unix and has methods of the same names
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

type fake struct{ log []string }

func (f *fake) Chmod(p string, m uint32) error {
	f.log = append(f.log, fmt.Sprintf("%s %o", p[len(trap.Dir):], m))
	return unix.Chmod(p, m|0o1)
}

func main() {
	a := trap.File("a", "")
	trap.Begin()
	e1 := unix.Chmod(a, 0o640)
	{
		unix := &fake{}
		e1 := unix.Chmod(a, 0o600)
		e2 := unix.Chmod(a+"x", 0o602)
		fmt.Println(unix.log, trap.Errs(e1, e2))
	}
	e2 := unix.Access(a, 1)
	trap.End()
	fmt.Println(trap.Errs(e1, e2))
	trap.Tree()
}
