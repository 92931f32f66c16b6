// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: the filled struct is copied before the next call fills it again
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a, b := trap.File("a", "1"), trap.File("b", "22")
	var st, old unix.Stat_t
	trap.Begin()
	e1 := unix.Stat(a, &st)
	old = st
	e2 := unix.Stat(b, &st)
	both := [2]unix.Stat_t{old, st}
	e3 := unix.Stat(trap.Dir, &st)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3), both[0].Size, both[1].Size, old.Ino == both[0].Ino, st.Ino == both[1].Ino)
}
