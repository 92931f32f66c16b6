// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: the destination is read between two calls that both fill it
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a, b := trap.File("a", "1"), trap.File("b", "22")
	var st unix.Stat_t
	sum := int64(0)
	trap.Begin()
	if err := unix.Lstat(a, &st); err != nil {
		fmt.Println(trap.Err(err))
	}
	sum = sum*10 + st.Size
	if err := unix.Lstat(b, &st); err != nil {
		fmt.Println(trap.Err(err))
	}
	sum = sum*10 + st.Size
	if err := unix.Lstat(trap.Path("none"), &st); err != nil {
		fmt.Println(trap.Err(err))
	}
	sum = sum*10 + st.Size
	trap.End()
	fmt.Println(sum)
}
