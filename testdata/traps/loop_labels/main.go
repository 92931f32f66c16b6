// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: break and continue with labels from handlers in the inner loop
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	trap.File("a0", "")
	trap.File("a1", "")
	trap.File("b1", "")
	trap.File("c0", "")
	trap.File("d0", "")
	var log []string
	trap.Begin()
rows:
	for _, r := range "abcde" {
		for c := range 3 {
			n := string(r) + string(rune('0'+c))
			if err := unix.Chmod(trap.Path(n), 0o600); err != nil {
				log = append(log, n)
				switch {
				case r == 'b':
					continue
				case r == 'd':
					break rows
				}
				continue rows
			}
			if err := unix.Access(trap.Path(n), unix.R_OK); err != nil {
				break
			}
		}
		log = append(log, "end of "+string(r))
	}
	trap.End()
	fmt.Println(log)
	trap.Tree()
}
