// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: one-call functions of package os and their wrapped errors
package main

import (
	"errors"
	"fmt"
	"os"

	"autobatch.test/traps/internal/trap"
)

func act(dir string) error {
	if err := os.Mkdir(dir, 0o750); err != nil {
		return err
	}
	if err := os.Symlink("x", dir+"/l"); err != nil {
		return err
	}
	if err := os.Chmod(dir, os.ModeSticky|0o711); err != nil {
		return err
	}
	if err := os.Rename(dir+"/l", dir+"/m"); err != nil {
		return err
	}
	return os.Remove(dir + "/l")
}

func main() {
	trap.Begin()
	e1 := act(trap.Path("d"))
	e2 := act(trap.Path("d"))
	e3 := act(trap.Path("n/d"))
	trap.End()
	var pe *os.PathError
	fmt.Println(trap.Errs(e1, e2, e3), errors.As(e2, &pe) && pe.Op == "mkdir")
	trap.Tree()
}
