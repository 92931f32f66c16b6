// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: calls in nested blocks and with declarations between
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a, b := trap.File("a", "1"), trap.File("b", "22")
	total := int64(0)
	trap.Begin()
	{
		var st unix.Stat_t
		err := unix.Lstat(a, &st)
		const factor = 100
		var st2 unix.Stat_t
		type local struct{ n int64 }
		err2 := unix.Lstat(b, &st2)
		{
			x := local{st.Size*factor + st2.Size}
			total += x.n
		}
		if err == nil && err2 == nil {
			e1 := unix.Unlink(a)
			e2 := unix.Unlink(b)
			e3 := unix.Unlink(b)
			fmt.Println(trap.Errs(e1, e2, e3))
		}
	}
	trap.End()
	fmt.Println(total)
}
