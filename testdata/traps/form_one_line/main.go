// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: several calls on one line of a function literal, with semicolons
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a, b := trap.File("a", "1"), trap.File("b", "22")
	var s, t unix.Stat_t
	trap.Begin()
	func() { unix.Lstat(a, &s); unix.Lstat(b, &t) }()
	set := func(m uint32) error { _ = unix.Chmod(a, m); return unix.Chmod(b, m|1) }
	e1 := set(0o600)
	defer func() { unix.Chmod(a, 0o640); unix.Chmod(b, 0o641); trap.End(); trap.Tree() }()
	e2 := func() (err error) { err = unix.Unlink(a); _ = unix.Mkdir(a, 0o700); return }()
	fmt.Println(s.Size, t.Size, trap.Errs(e1, e2))
}
