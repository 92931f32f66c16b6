// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: a select between the calls picks what the second one does
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "")
	c := make(chan uint32, 1)
	var none chan uint32
	trap.Begin()
	for range 3 {
		e1 := unix.Chmod(a, 0o644)
		mode := uint32(0o600)
		select {
		case m := <-c:
			mode = m
		case <-none:
			mode = 0
		default:
			c <- 0o611
		}
		e2 := unix.Chmod(a, mode)
		fmt.Println(trap.Errs(e1, e2))
	}
	trap.End()
	trap.Tree()
}
