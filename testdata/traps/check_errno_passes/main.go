// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: one particular errno is as good as success: the calls after it are made all the same
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func publish(src, dst string) error {
	if err := unix.Mkdir(trap.Path("pub"), 0o711); err != nil && err != unix.EEXIST {
		return err
	}
	if err := unix.Link(src, dst); err != nil && err != unix.EEXIST {
		return err
	}
	if err := unix.Chmod(dst, 0o400); err != nil {
		return err
	}
	return nil
}

func main() {
	a := trap.File("a", "data")
	trap.Begin()
	e1 := publish(a, trap.Path("pub/a"))
	e2 := publish(a, trap.Path("pub/a"))
	e3 := publish(trap.Path("none"), trap.Path("pub/b"))
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3))
	trap.Tree()
}
