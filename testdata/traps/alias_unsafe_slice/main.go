// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: a slice made by unsafe shares the buffer that a read fills, and is the next path
package main

import (
	"fmt"
	"unsafe"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	trap.File("a", "")
	trap.File("b", "")
	fd := trap.Fd("c", "b")
	buf := []byte(trap.Path("a"))
	view := unsafe.Slice(&buf[0], len(buf))
	trap.Begin()
	n, e1 := unix.Pread(fd, buf[len(buf)-1:], 0)
	e2 := unix.Chmod(string(view), 0o600)
	trap.End()
	fmt.Println(n, trap.Errs(e1, e2))
	trap.Tree()
}
