// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: a handler ends the process between two calls
package main

import (
	"fmt"
	"os"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "")
	trap.Begin()
	if err := unix.Chmod(a, 0o600); err != nil {
		os.Exit(3)
	}
	fmt.Println("one done")
	if err := unix.Chmod(trap.Path("x"), 0o600); err != nil {
		os.Exit(4)
	}
	if err := unix.Unlink(a); err != nil {
		os.Exit(5)
	}
	trap.End()
}
