// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: the destination is declared outside: a failing call leaves the previous content
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	var names []string
	for i := range 18 {
		names = append(names, trap.File(fmt.Sprint(i), "123456789012345678"[:i]))
	}
	names[3], names[16], names[17] = trap.Path("none"), trap.Path("none"), trap.Path("none")
	var st unix.Stat_t
	var err error
	var seen []int64
	trap.Begin()
	for _, n := range names {
		err = unix.Lstat(n, &st)
		seen = append(seen, st.Size)
	}
	trap.End()
	fmt.Println(seen, trap.Err(err), st.Size)
}
