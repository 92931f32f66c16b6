// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// want: batch
// why: functions of package syscall
package main

import (
	"fmt"
	"syscall"

	"autobatch.test/traps/internal/trap"
)

func sizes(p, q string) (int64, error) {
	var s, t syscall.Stat_t
	if err := syscall.Lstat(p, &s); err != nil {
		return 1, err
	}
	if err := syscall.Chmod(q, 0o600); err != nil {
		return 2, err
	}
	if err := syscall.Stat(q, &t); err != nil {
		return 3, err
	}
	return s.Size*10 + t.Size, nil
}

func main() {
	a, b := trap.File("a", "1"), trap.File("b", "22")
	trap.Begin()
	fmt.Println(sizes(a, b))
	fmt.Println(sizes(a, a+"x"))
	fmt.Println(sizes("", b))
	trap.End()
	trap.Tree()
}
