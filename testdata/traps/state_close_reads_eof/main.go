// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: closing the writing end makes the next read see the end
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	var p [2]int
	trap.Must(unix.Pipe(p[:]))
	x, y := make([]byte, 4), []byte("....")
	trap.Begin()
	n1, e1 := unix.Write(p[1], []byte("abcdef"))
	n2, e2 := unix.Read(p[0], x)
	e3 := unix.Close(p[1])
	n4, e4 := unix.Read(p[0], y)
	n5, e5 := unix.Read(p[0], y)
	e6 := unix.Close(p[0])
	trap.End()
	fmt.Println(n1, n2, n4, n5, trap.Errs(e1, e2, e3, e4, e5, e6), string(x), string(y))
}
