// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: arguments of a deferred call are evaluated between two calls
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a, b := trap.File("a", ""), trap.File("b", "")
	func() {
		path := a
		say := func(s string) string { fmt.Println("now", s[len(trap.Dir):]); return s }
		trap.Begin()
		e1 := unix.Chmod(path, 0o600)
		defer unix.Chmod(say(path), 0o604)
		path = b
		e2 := unix.Chmod(path, 0o601)
		defer unix.Chmod(path, 0o605)
		path = trap.Path("x")
		fmt.Println(trap.Errs(e1, e2))
	}()
	trap.End()
	trap.Tree()
}
