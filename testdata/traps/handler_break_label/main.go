// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: a handler breaks out of a labelled switch from a loop within
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func act(p, q string) string {
	s := "all"
out:
	switch {
	default:
		if err := unix.Access(p, unix.F_OK); err != nil {
			s = "no p"
			for {
				break out
			}
		}
		if err := unix.Access(q, unix.F_OK); err != nil {
			s = "no q"
			break out
		}
		s += "!"
	}
	return s
}

func main() {
	a := trap.File("a", "")
	trap.Begin()
	fmt.Println(act(a, a), act("", a), act(a, ""))
	trap.End()
}
