// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: arguments are function calls that print
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func say(s string) string  { fmt.Println("path", s); return trap.Path(s) }
func mode(m uint32) uint32 { fmt.Println("mode", m); return m }

func main() {
	trap.File("a", "")
	trap.File("b", "")
	trap.Begin()
	e1 := unix.Chmod(say("a"), mode(0o600))
	e2 := unix.Rename(say("b"), say("c"))
	e3 := unix.Chmod(say("c"), mode(0o601))
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3))
	trap.Tree()
}
