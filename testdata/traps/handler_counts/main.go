// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: handlers count, the count is used by a later call
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	fd := trap.Fd("a", "0123456789")
	failed := int64(0)
	trap.Begin()
	if err := unix.Unlink(trap.Path("x")); err != nil {
		failed++
	}
	if err := unix.Rmdir(trap.Path("a")); err != nil {
		failed++
	}
	if err := unix.Ftruncate(fd, failed); err != nil {
		failed = -1
	}
	trap.End()
	fmt.Println(failed)
	trap.Tree()
}
