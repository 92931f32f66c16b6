// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: a test of the count itself, which no sign class implies, stands between
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func copyAll(src, dst int, want int) error {
	buf := make([]byte, want)
	n, err := unix.Pread(src, buf, 0)
	if err != nil {
		return err
	}
	if n != len(buf) {
		return fmt.Errorf("short: %d of %d", n, want)
	}
	m, err := unix.Pwrite(dst, buf, 0)
	if err != nil || m != n {
		return fmt.Errorf("write %d: %w", m, err)
	}
	return unix.Fsync(dst)
}

func main() {
	a, b := trap.Fd("a", "0123456789"), trap.Fd("b", "")
	trap.Begin()
	e1 := copyAll(a, b, 4)
	e2 := copyAll(a, b, 11)
	e3 := copyAll(a, -1, 2)
	e4 := copyAll(-1, b, 2)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4))
	trap.Tree()
}
