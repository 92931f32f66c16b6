// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: an error jumps back to a label in front of the calls
package main

import (
	"fmt"
	"os"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a, tries := trap.File("a", "x"), 0
	trap.Must(os.Mkdir(trap.Path("d"), 0o755))
again:
	tries++
	trap.Begin()
	e1 := unix.Access(a, unix.F_OK)
	e2 := unix.Mkdir(trap.Path("d"), 0o700)
	if e2 != nil && tries < 3 {
		if tries == 2 {
			trap.Must(os.Remove(trap.Path("d")))
		}
		trap.End()
		goto again
	}
	e3 := unix.Chmod(trap.Path("d"), 0o711)
	trap.End()
	fmt.Println(tries, trap.Errs(e1, e2, e3))
	trap.Tree()
}
