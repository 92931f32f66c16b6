// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: an argument of the second call makes a system call itself
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func size(p string) int64 {
	var st unix.Stat_t
	if unix.Lstat(p, &st) != nil {
		return 99
	}
	return st.Size
}

func main() {
	fd := trap.Fd("a", "0123456789")
	a := trap.Path("a")
	trap.Begin()
	e1 := unix.Ftruncate(fd, 8)
	e2 := unix.Ftruncate(fd, size(a)-1)
	e3 := unix.Ftruncate(fd, size(a)-1)
	e4 := unix.Fchmod(fd, uint32(size(trap.Path("x"))|0o600))
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4))
	trap.Tree()
}
