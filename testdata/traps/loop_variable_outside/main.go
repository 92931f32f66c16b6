// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: loop variables declared outside keep the value of the iteration that left
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	var names []string
	for i := range 20 {
		names = append(names, trap.File(fmt.Sprint(i), "12345678901234567890"[:i]))
	}
	names[17] = trap.Path("none")
	var i int
	var n string
	var st unix.Stat_t
	var err error
	trap.Begin()
	for i, n = range names {
		if err = unix.Lstat(n, &st); err != nil {
			break
		}
	}
	j := 0
	for ; j < len(names); j++ {
		if e := unix.Access(names[j], unix.R_OK); e != nil {
			break
		}
	}
	trap.End()
	fmt.Println(i, j, n[len(trap.Dir):], st.Size, trap.Err(err))
}
