// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: a method called between changes the receiver's descriptor
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

type file struct{ fd, spare int }

//go:noinline
func (f *file) swap() { f.fd, f.spare = f.spare, f.fd }

func main() {
	f := &file{trap.Fd("a", "aaaa"), trap.Fd("b", "bbbb")}
	trap.Begin()
	e1 := unix.Ftruncate(f.fd, 1)
	f.swap()
	e2 := unix.Ftruncate(f.fd, 2)
	e3 := unix.Fchmod(f.fd, 0o600)
	f.swap()
	e4 := unix.Fchmod(f.fd, 0o604)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4))
	trap.Tree()
}
