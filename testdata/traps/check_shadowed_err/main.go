// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: inner err variables shadow an outer one, which must keep its value
package main

import (
	"errors"
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "")
	var err error = errors.New("outer")
	trap.Begin()
	if err := unix.Chmod(a, 0o600); err != nil {
		fmt.Println("chmod", trap.Err(err))
	}
	if err := unix.Rmdir(a); err != nil {
		fmt.Println("rmdir", trap.Err(err), trap.Err(err))
	}
	{
		err := unix.Unlink(trap.Path("none"))
		if err != nil {
			fmt.Println("unlink", trap.Err(err))
		}
	}
	trap.End()
	fmt.Println(trap.Err(err))
}
