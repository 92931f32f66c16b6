// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: a closure that shares err and st is called between the calls
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "123")
	var st unix.Stat_t
	var err error
	seen := []string{}
	note := func(what string) { seen = append(seen, fmt.Sprint(what, trap.Err(err), st.Size)); st.Size = -1 }
	trap.Begin()
	err = unix.Lstat(a, &st)
	note("first ")
	err = unix.Lstat(trap.Path("none"), &st)
	note("second ")
	err = unix.Access(a, unix.R_OK)
	note("third ")
	trap.End()
	fmt.Println(seen)
}
