// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: the last call of the group is returned as it is
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func swap(x, y, tmp string) error {
	if err := unix.Rename(x, tmp); err != nil {
		return err
	}
	if err := unix.Rename(y, x); err != nil {
		return err
	}
	return unix.Rename(tmp, y)
}

func main() {
	a, b := trap.File("a", "first"), trap.File("b", "second")
	trap.Begin()
	e1 := swap(a, b, trap.Path("t"))
	e2 := swap(a, trap.Path("none"), trap.Path("u"))
	e3 := swap(trap.Path("none"), a, b)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3))
	trap.Tree()
}
