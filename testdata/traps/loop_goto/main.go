// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: a loop made of a label and a goto
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	fd := trap.Fd("a", "")
	i := int64(0)
	trap.Begin()
next:
	if err := unix.Ftruncate(fd, i*i-2*i); err != nil {
		fmt.Println(i, trap.Err(err))
	}
	if err := unix.Fchmod(fd, 0o600|uint32(i)); err != nil {
		goto out
	}
	if i++; i < 18 {
		goto next
	}
out:
	trap.End()
	fmt.Println(i)
	trap.Tree()
}
