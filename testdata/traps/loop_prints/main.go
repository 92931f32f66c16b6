// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: every iteration prints what its call returned
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	trap.File("a", "1")
	trap.File("c", "333")
	trap.Begin()
	for _, n := range []string{"a", "b", "c"} {
		var st unix.Stat_t
		err := unix.Lstat(trap.Path(n), &st)
		fmt.Println(n, st.Size, trap.Err(err))
	}
	trap.End()
}
