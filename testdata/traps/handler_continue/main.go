// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: handlers continue the surrounding loop or the one outside it
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	for _, n := range []string{"a", "b"} {
		trap.File(n+"1", "x")
		trap.File(n+"3", "xx")
	}
	trap.File("b2", "xxx")
	var st, st2 unix.Stat_t
	total := int64(0)
	trap.Begin()
outer:
	for _, n := range []string{"a", "b", "c"} {
		for _, m := range []string{"1", "2", "3"} {
			p := trap.Path(n + m)
			if err := unix.Lstat(p, &st); err != nil {
				if n == "c" {
					continue outer
				}
				fmt.Println(n+m, trap.Err(err))
				continue
			}
			if err := unix.Chmod(p, 0o600); err != nil {
				break outer
			}
			if err := unix.Lstat(p, &st2); err != nil {
				break
			}
			total += st.Size*10 + int64(st2.Mode&7)
		}
	}
	trap.End()
	fmt.Println(total)
}
