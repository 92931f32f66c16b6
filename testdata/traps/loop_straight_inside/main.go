// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: a straight group in the body of a loop that cannot be cut into strips
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	names := []string{trap.File("a", "1"), trap.File("b", "22"), trap.Path("x"), trap.File("c", "333")}
	fmt.Println("sizes")
	trap.Begin()
	for i, n := range names {
		var s unix.Stat_t
		if err := unix.Lstat(n, &s); err != nil {
			fmt.Println(i, trap.Err(err))
			continue
		}
		if err := unix.Chmod(n, 0o600+uint32(i)); err != nil {
			fmt.Println(i, trap.Err(err))
			break
		}
		if err := unix.Access(n, unix.R_OK); err != nil {
			return
		}
		fmt.Println(i, s.Size)
	}
	trap.End()
	trap.Tree()
}
