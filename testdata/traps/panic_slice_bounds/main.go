// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: slicing in the second call's argument fails
package main

import (
	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func part(fd int, b []byte, i, j int) {
	_, _ = unix.Pwrite(fd, b[:1], 0)
	_, _ = unix.Pwrite(fd, b[i:j], 1)
	_, _ = unix.Pwrite(fd, b[:0:i], 9)
	_ = unix.Fchmod(fd, 0o604)
}

func main() {
	fd := trap.Fd("a", "________")
	trap.Begin()
	trap.Try("fine", func() { part(fd, []byte("abcd"), 1, 3) })
	trap.Try("crossed", func() { part(fd, []byte("efgh"), 3, 2) })
	trap.Try("beyond", func() { part(fd, []byte("ijkl"), 2, 5) })
	trap.Try("cap", func() { part(fd, []byte("mn")[:2:2], 0, 2) })
	trap.End()
	trap.Tree()
}
