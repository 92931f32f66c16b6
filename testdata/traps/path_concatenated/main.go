// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: paths put together in the argument, by +, Join and conversions
package main

import (
	"fmt"
	"path/filepath"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

type name string

func main() {
	dir, n := trap.Dir, name("sub")
	raw := []byte(dir + "/c")
	trap.Begin()
	e1 := unix.Mkdir(dir+"/"+string(n), 0o755)
	e2 := unix.Symlink(string(n)+"/..", filepath.Join(dir, "sub", "..", "l"))
	e3 := unix.Mkdir(string(raw), 0o700)
	e4 := unix.Mkdir(string(append(raw[:len(raw)-1], 'd')), 0o711)
	e5 := unix.Mkdir(string(raw), 0o700)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4, e5))
	trap.Tree()
}
