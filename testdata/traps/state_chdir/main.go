// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: relative names before and after a change of the working folder
package main

import (
	"fmt"
	"os"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	trap.Must(os.MkdirAll(trap.Path("d/e"), 0o755))
	trap.Must(os.Chdir(trap.Dir))
	trap.Begin()
	e1 := unix.Symlink("x", "l")
	e2 := unix.Chdir("d")
	e3 := unix.Symlink("x", "l")
	e4 := unix.Chdir("none")
	e5 := unix.Chmod("e", 0o700)
	e6 := unix.Chdir("..")
	e7 := unix.Chmod("d", 0o711)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4, e5, e6, e7))
	trap.Tree()
}
