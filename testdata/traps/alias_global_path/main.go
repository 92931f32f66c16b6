// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: the second path is a package variable, set by a function called between
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

var target string

//go:noinline
func choose(err error) {
	if err == nil {
		target = trap.Path("b")
	}
}

func main() {
	target = trap.File("a", "")
	trap.File("b", "")
	trap.Begin()
	e1 := unix.Chmod(target, 0o600)
	choose(e1)
	e2 := unix.Chmod(target, 0o601)
	target += "none"
	e3 := unix.Chmod(target, 0o602)
	choose(e3)
	e4 := unix.Chmod(target, 0o603)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4))
	trap.Tree()
}
