// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: an error jumps to a clean-up label behind the calls
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func build(dir string) (err error) {
	if err = unix.Mkdir(dir, 0o755); err != nil {
		goto fail
	}
	if err = unix.Mkdir(dir+"/sub", 0o700); err != nil {
		goto fail
	}
	if err = unix.Symlink("sub", dir+"/sub/x"); err != nil {
		goto undo
	}
	return nil
undo:
	unix.Rmdir(dir + "/sub")
	unix.Rmdir(dir)
fail:
	return fmt.Errorf("build: %w", err)
}

func main() {
	trap.Begin()
	e1 := build(trap.Path("d"))
	e2 := build(trap.Path("d"))
	e3 := build(trap.Path("no/d"))
	e4 := build("nul\x00")
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4))
	trap.Tree()
}
