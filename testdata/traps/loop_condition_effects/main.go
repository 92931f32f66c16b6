// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: the loop's condition and step are functions with effects
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	fd := trap.Fd("a", "")
	i := 0
	more := func() bool { fmt.Println("more?", i); return i < 4 }
	step := func() { i++; fmt.Println("step", i) }
	trap.Begin()
	for ; more(); step() {
		if err := unix.Ftruncate(fd, int64(3-i)); err != nil {
			fmt.Println(trap.Err(err))
			break
		}
		if err := unix.Fchmod(fd, 0o600+uint32(i)); err != nil {
			break
		}
	}
	trap.End()
	fmt.Println(i)
	trap.Tree()
}
