// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: closures capture the loop variable, the error and the destination of their iteration
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	names := []string{trap.File("a", "1"), trap.Path("x"), trap.File("b", "22"), trap.File("c", "333")}
	var later []func() string
	trap.Begin()
	for i, n := range names {
		var st unix.Stat_t
		err := unix.Lstat(n, &st)
		later = append(later, func() string {
			st.Size++
			return fmt.Sprint(i, n[len(trap.Dir):], st.Size, trap.Err(err))
		})
	}
	trap.End()
	for _, f := range append(later, later...) {
		fmt.Println(f())
	}
}
