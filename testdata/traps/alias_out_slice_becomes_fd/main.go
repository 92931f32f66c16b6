// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: Pipe fills a slice of descriptors, the next calls take their arguments from it
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	fds := []int{77, 78}
	buf := make([]byte, 5)
	trap.Begin()
	e1 := unix.Pipe(fds)
	n, e2 := unix.Write(fds[1], []byte("hello"))
	m, e3 := unix.Read(fds[0], buf)
	e4 := unix.Close(fds[0])
	e5 := unix.Close(fds[1])
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4, e5), n, m, string(buf), fds[0] != 77)
}
