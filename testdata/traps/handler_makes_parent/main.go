// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: on ENOENT the handler makes the folder that the next call needs
package main

import (
	"fmt"
	"os"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func install(dir, name string) error {
	if err := unix.Access(dir, unix.W_OK); err == unix.ENOENT {
		if err := os.MkdirAll(dir, 0o750); err != nil {
			return err
		}
	}
	if err := unix.Symlink("target", dir+"/"+name); err == unix.EEXIST {
		trap.Must(os.Remove(dir + "/" + name))
	}
	return unix.Symlink("other", dir+"/"+name)
}

func main() {
	trap.Begin()
	e1 := install(trap.Path("p/q"), "l")
	e2 := install(trap.Path("p/q"), "l")
	e3 := install(trap.Path("p"), "m")
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3))
	trap.Tree()
}
