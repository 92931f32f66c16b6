// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: calls joined by && and
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a, x := trap.File("a", ""), trap.Path("x")
	trap.Begin()
	if unix.Access(a, 4) == nil && unix.Chmod(a, 0o444) == nil {
		fmt.Println("one")
	}
	if unix.Access(x, 4) == nil && unix.Chmod(a, 0o555) == nil {
		fmt.Println("two")
	}
	if unix.Access(a, 4) == nil || unix.Chmod(a, 0o666) == nil {
		fmt.Println("three")
	}
	if unix.Access(x, 4) == nil || unix.Chmod(a, 0o777) == nil {
		fmt.Println("four")
	}
	trap.End()
	trap.Tree()
}
