// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: one loop over 0, 1, 2, 15, 16, 17, 33 and 100 names
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	for _, n := range []int{0, 1, 2, 15, 16, 17, 33, 100} {
		names := make([]string, n)
		for i := range names {
			names[i] = trap.File(fmt.Sprintf("%d-%d", n, i), "")
		}
		done, failed := 0, 0
		trap.Begin()
		for _, name := range names {
			if err := unix.Chmod(name, 0o600+uint32(n%8)); err != nil {
				failed++
				continue
			}
			done++
		}
		for _, name := range names {
			unix.Unlink(name)
		}
		trap.End()
		fmt.Println(n, done, failed)
	}
	trap.Tree()
}
