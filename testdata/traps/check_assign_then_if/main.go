// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: one err variable, assigned and tested by turns
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func prepare(path string, fd int) error {
	err := unix.Chmod(path, 0o600)
	if err != nil {
		return fmt.Errorf("chmod: %w", err)
	}
	err = unix.Ftruncate(fd, 5)
	if err != nil {
		return fmt.Errorf("truncate: %w", err)
	}
	err = unix.Fsync(fd)
	if err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	return err
}

func main() {
	fd := trap.Fd("a", "0123456789")
	trap.Begin()
	e1 := prepare(trap.Path("a"), fd)
	e2 := prepare(trap.Path("none"), fd)
	e3 := prepare(trap.Path("a"), -1)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3))
	trap.Tree()
}
