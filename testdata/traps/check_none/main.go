// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: calls as plain statements: nobody looks at the results, every call is made
package main

import (
	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a, b := trap.Fd("a", "0123456789"), trap.Fd("b", "")
	trap.Begin()
	unix.Ftruncate(a, 3)
	unix.Ftruncate(-1, 3)
	unix.Fchmod(b, 0o640)
	unix.Fsync(b)
	unix.Fchmod(a, 0o604)
	trap.End()
	trap.Tree()
}
