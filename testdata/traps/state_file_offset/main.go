// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: reads, writes and seeks that share one file offset
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	fd := trap.Fd("a", "0123456789")
	x, y := make([]byte, 3), make([]byte, 3)
	trap.Begin()
	n1, e1 := unix.Read(fd, x)
	n2, e2 := unix.Write(fd, []byte("AB"))
	n3, e3 := unix.Read(fd, y)
	at, e4 := unix.Seek(fd, -2, 1)
	n5, e5 := unix.Write(fd, y[1:])
	trap.End()
	fmt.Println(n1, n2, n3, at, n5, trap.Errs(e1, e2, e3, e4, e5), string(x), string(y))
	trap.Tree()
}
