// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: the handler makes the failing call once more itself
package main

import (
	"fmt"
	"os"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a, b := trap.File("a", "A"), trap.File("b", "B")
	trap.Must(os.Symlink("a", trap.Path("l")))
	trap.Begin()
	if err := unix.Symlink("b", trap.Path("l")); err != nil {
		fmt.Println(trap.Err(err), trap.Errs(unix.Unlink(trap.Path("l")), unix.Symlink("b", trap.Path("l"))))
	}
	if err := unix.Link(b, trap.Path("hard")); err != nil {
		fmt.Println(trap.Err(err))
	}
	if err := unix.Link(a, trap.Path("hard")); err != nil {
		fmt.Println(trap.Err(err), trap.Err(unix.Link(a, trap.Path("harder"))))
	}
	trap.End()
	trap.Tree()
}
