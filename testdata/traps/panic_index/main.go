// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: the third call's argument is out of range
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func all(names []string) (n int) {
	defer func() { fmt.Println("made", n) }()
	_ = unix.Mkdir(names[0], 0o700)
	n++
	_ = unix.Mkdir(names[1], 0o700)
	n++
	_ = unix.Mkdir(names[2], 0o700)
	n++
	return
}

func main() {
	p := []string{trap.Path("a"), trap.Path("b"), trap.Path("c")}
	trap.Begin()
	trap.Try("two", func() { all(p[1:]) })
	trap.Try("none", func() { all(nil) })
	trap.Try("three", func() { all(p) })
	trap.End()
	trap.Tree()
}
