// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: errors.Is decides whether an error leaves
package main

import (
	"errors"
	"fmt"
	"os"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func remove(a, b, c string) error {
	if err := unix.Unlink(a); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := unix.Rmdir(b); err != nil && !errors.Is(err, unix.ENOTDIR) {
		return err
	}
	if err := unix.Unlink(c); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func main() {
	f, g, h := trap.File("f", ""), trap.File("g", ""), trap.File("h", "")
	trap.Must(os.Mkdir(trap.Path("d"), 0o755))
	trap.Must(os.WriteFile(trap.Path("d/x"), nil, 0o644))
	trap.Begin()
	e1 := remove(trap.Path("none"), g, h)
	e2 := remove(f, trap.Path("d"), g)
	e3 := remove(g+"/x", g, g)
	e4 := remove(g, trap.Path("none"), g)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4))
	trap.Tree()
}
