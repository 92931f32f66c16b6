// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: one thread writes and reads both ends of a socket pair
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	p, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	trap.Must(err)
	x, y := make([]byte, 5), []byte("-----")
	trap.Begin()
	n1, e1 := unix.Write(p[0], []byte("hello"))
	n2, e2 := unix.Read(p[1], x)
	n3, e3 := unix.Write(p[1], x[1:4])
	n4, e4 := unix.Read(p[0], y)
	e5 := unix.Shutdown(p[0], unix.SHUT_RDWR)
	n6, e6 := unix.Read(p[1], y)
	trap.End()
	fmt.Println(n1, n2, n3, n4, n6, trap.Errs(e1, e2, e3, e4, e5, e6), string(x), string(y))
}
