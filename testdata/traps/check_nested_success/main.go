// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: calls nest deeper with every success
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func depth(p [3]string) int {
	n := 0
	if err := unix.Access(p[0], unix.F_OK); err == nil {
		n++
		if err := unix.Access(p[1], unix.F_OK); err == nil {
			n++
			if err := unix.Access(p[2], unix.F_OK); err == nil {
				n++
			}
		}
	}
	return n
}

func main() {
	a, x := trap.File("a", ""), trap.Path("none")
	trap.Begin()
	fmt.Println(depth([3]string{a, a, a}), depth([3]string{a, a, x}), depth([3]string{a, x, a}), depth([3]string{x, a, a}))
	trap.End()
}
