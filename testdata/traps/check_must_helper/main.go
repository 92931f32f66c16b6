// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: each call sits in the argument of a helper that panics
package main

import (
	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	fd := trap.Fd("a", "0123456789")
	trap.Begin()
	trap.Try("all", func() {
		must(unix.Ftruncate(fd, 4))
		must(unix.Fchmod(fd, 0o640))
		must(unix.Fsync(fd))
	})
	trap.Try("middle", func() {
		must(unix.Ftruncate(fd, 2))
		must(unix.Fchmod(-1, 0o600))
		must(unix.Ftruncate(fd, 0))
	})
	trap.End()
	trap.Tree()
}
