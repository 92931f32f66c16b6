// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: every iteration needs what the one before made
package main

import (
	"fmt"
	"strings"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func mkdirs(base, rest string) error {
	for _, part := range strings.Split(rest, "/") {
		base += "/" + part
		if err := unix.Mkdir(base, 0o755); err != nil && err != unix.EEXIST {
			return err
		}
	}
	return unix.Access(base, unix.W_OK)
}

func main() {
	f := trap.File("f", "")
	trap.Begin()
	e1 := mkdirs(trap.Dir, "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r")
	e2 := mkdirs(trap.Dir, "a/b/x")
	e3 := mkdirs(f, "y/z")
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3))
	trap.Tree()
}
