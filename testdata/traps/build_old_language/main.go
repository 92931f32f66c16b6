// SPDX-License-Identifier: BSD-3-Clause

//go:build go1.21

// want: any
// why: a file of Go 1.21: the loop variable is shared by all iterations
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	names := []string{trap.File("a", "1"), trap.File("b", "22"), trap.File("c", "333")}
	var later []func() error
	trap.Begin()
	for i, n := range names {
		if err := unix.Chmod(n, 0o600+uint32(i)); err != nil {
			panic(err)
		}
		later = append(later, func() error { return unix.Chmod(n, 0o640+uint32(i)) })
		if err := unix.Access(n, unix.R_OK); err != nil {
			panic(err)
		}
	}
	for _, f := range later {
		fmt.Println(trap.Err(f()))
	}
	trap.End()
	trap.Tree()
}
