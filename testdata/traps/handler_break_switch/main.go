// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: a handler breaks out of the switch that holds the calls
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func act(mode int, p, q string) (s string) {
	switch mode {
	case 1:
		if err := unix.Chmod(p, 0o600); err != nil {
			s += "p failed "
			break
		}
		if err := unix.Chmod(q, 0o601); err != nil {
			s += "q failed "
			break
		}
		s += "both "
	default:
		s += "none "
	}
	return s + "done"
}

func main() {
	a, b := trap.File("a", ""), trap.File("b", "")
	trap.Begin()
	fmt.Println(act(1, a, b), act(1, "", b), act(1, a, ""), act(2, a, b))
	trap.End()
	trap.Tree()
}
