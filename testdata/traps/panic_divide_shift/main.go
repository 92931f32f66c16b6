// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: division by zero and negative shifts in arguments
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func cut(fd int, n int64, by int64, shift int) (err error) {
	if err = unix.Ftruncate(fd, n); err != nil {
		return err
	}
	if err = unix.Ftruncate(fd, n/by); err != nil {
		return err
	}
	if err = unix.Fchmod(fd, 0o600|1<<shift); err != nil {
		return err
	}
	return unix.Fchmod(fd, uint32(0o640%by))
}

func main() {
	fd := trap.Fd("a", "")
	trap.Begin()
	trap.Try("fine", func() { fmt.Println(cut(fd, 40, 2, 2)) })
	trap.Try("zero", func() { fmt.Println(cut(fd, 30, 0, 2)) })
	trap.Try("shift", func() { fmt.Println(cut(fd, 20, 2, -1)) })
	trap.Try("bad", func() { fmt.Println(cut(-1, 20, 0, -1)) })
	trap.End()
	trap.Tree()
}
