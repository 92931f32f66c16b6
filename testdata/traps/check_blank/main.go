// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: results thrown away with the blank name
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "xyz")
	b := make([]byte, 2)
	fd := trap.Fd("c", "hello")
	trap.Begin()
	_ = unix.Link(a, trap.Path("b"))
	_ = unix.Link(a, trap.Path("b"))
	_, _ = unix.Pread(fd, b, 1)
	_ = unix.Symlink("a", trap.Path("l"))
	_, _ = unix.Readlink(trap.Path("l"), b[:1])
	trap.End()
	fmt.Printf("%q\n", b)
	trap.Tree()
}
