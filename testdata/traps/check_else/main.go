// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: success continues in the else branch
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "12345")
	for _, second := range []string{a, trap.Path("none")} {
		var x, y unix.Stat_t
		trap.Begin()
		if err := unix.Stat(second, &x); err != nil {
			fmt.Println("first:", trap.Err(err))
		} else if err := unix.Lstat(a, &y); err != nil {
			fmt.Println("second:", trap.Err(err))
		} else {
			fmt.Println("sizes", x.Size, y.Size)
		}
		trap.End()
	}
}
