// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: groups in closures, in deferred functions and in goroutines
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a, b := trap.File("a", ""), trap.File("b", "")
	set := func(m uint32) string {
		e1 := unix.Chmod(a, m)
		e2 := unix.Chmod(b, m|1)
		return trap.Errs(e1, e2)
	}
	done := make(chan string)
	trap.Begin()
	fmt.Println(set(0o600))
	func() {
		defer func() {
			e1 := unix.Unlink(a)
			e2 := unix.Mkdir(a, 0o700)
			fmt.Println(trap.Errs(e1, e2))
		}()
		fmt.Println(set(0o640))
	}()
	go func() {
		trap.Lane("main")
		e1 := unix.Rmdir(a)
		e2 := unix.Rename(b, a)
		trap.EndLane("main")
		done <- trap.Errs(e1, e2)
	}()
	fmt.Println(<-done)
	fmt.Println(set(0o644))
	trap.End()
	trap.Tree()
}
