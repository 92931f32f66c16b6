// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: alternatives: the first that succeeds ends the search
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func find(a, b, c string, st *unix.Stat_t) string {
	if unix.Lstat(a, st) == nil {
		return "a"
	}
	if unix.Lstat(b, st) == nil {
		return "b"
	}
	if err := unix.Lstat(c, st); err == nil {
		return "c"
	}
	return "none"
}

func main() {
	f, x := trap.File("f", "1234567"), trap.Path("x")
	var st unix.Stat_t
	trap.Begin()
	fmt.Println(find(f, x, x, &st), st.Size)
	fmt.Println(find(x, f, x, &st), st.Size)
	fmt.Println(find(x, x, f, &st), st.Size)
	st.Size = -3
	fmt.Println(find(x, x, x, &st), st.Size)
	trap.End()
}
