// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: comparing interfaces that hold slices panics, as does hashing them
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func check(x, y any, m map[any]string, p string) {
	_ = unix.Chmod(p, 0o600)
	same := x == y
	_ = unix.Chmod(p, 0o611)
	_ = unix.Symlink(m[x], p+"l")
	fmt.Println(same)
}

func main() {
	a, b := trap.File("a", ""), trap.File("b", "")
	m := map[any]string{1: "one"}
	trap.Begin()
	trap.Try("numbers", func() { check(1, 1, m, a) })
	trap.Try("slices", func() { check([]int{1}, []int{1}, m, b) })
	trap.Try("mixed", func() { check([]int{1}, 1, m, a) })
	trap.End()
	trap.Tree()
}
