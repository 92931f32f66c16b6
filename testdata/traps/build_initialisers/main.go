// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: calls in package-level initialisers and init functions, in order
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

var (
	path  = func() string { trap.Begin(); return trap.Path("d") }()
	first = unix.Mkdir(path, 0o700)
	st    unix.Stat_t
	again = unix.Lstat(path, &st)
	mode  = st.Mode & 0o777
	third = unix.Mkdir(path, 0o711)
)

func init() {
	e1 := unix.Chmod(path, 0o711)
	e2 := unix.Lstat(path, &st)
	fmt.Println(trap.Errs(first, again, third, e1, e2), mode, st.Mode&0o777)
}

func init() {
	e1 := unix.Rmdir(path)
	e2 := unix.Rmdir(path)
	fmt.Println(trap.Errs(e1, e2))
}

func main() {
	trap.End()
	trap.Tree()
}
