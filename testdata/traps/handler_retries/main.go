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
	l, hard, harder := trap.Path("l"), trap.Path("hard"), trap.Path("harder")
	trap.Begin()
	if err := unix.Symlink("b", l); err != nil {
		fmt.Println(trap.Err(err), trap.Errs(unix.Unlink(l), unix.Symlink("b", l)))
	}
	if err := unix.Link(b, hard); err != nil {
		fmt.Println(trap.Err(err))
	}
	if err := unix.Link(a, hard); err != nil {
		fmt.Println(trap.Err(err), trap.Err(unix.Link(a, harder)))
	}
	trap.End()
	trap.Tree()
}
