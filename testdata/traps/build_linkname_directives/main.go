// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: functions with directives and bodies that contain groups
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

//go:nosplit
func plain(p, q string) bool { return p != q }

//go:norace
//go:noinline
func act(p, q string) error {
	if !plain(p, q) {
		return unix.EINVAL
	}
	if err := unix.Chmod(p, 0o600); err != nil {
		return err
	}
	return unix.Chmod(q, 0o601)
}

func main() {
	a, b := trap.File("a", ""), trap.File("b", "")
	trap.Begin()
	e1, e2, e3 := act(a, b), act(a, a), act("", a)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3))
	trap.Tree()
}
