// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: making a slice whose length is wrong stands between
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func grow(fd, n int) int {
	if err := unix.Ftruncate(fd, 3); err != nil {
		return -1
	}
	buf := make([]byte, n)
	if err := unix.Fchmod(fd, 0o600); err != nil {
		return -2
	}
	k, _ := unix.Pread(fd, buf, 0)
	return k
}

func main() {
	a, b := trap.Fd("a", "0123456789"), trap.Fd("b", "0123456789")
	trap.Begin()
	trap.Try("fine", func() { fmt.Println(grow(a, 8)) })
	trap.Try("negative", func() { fmt.Println(grow(b, -1)) })
	trap.End()
	trap.Tree()
}
