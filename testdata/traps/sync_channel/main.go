// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: between the calls another goroutine is let loose on the files, and waited for
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "")
	c := make(chan string)
	go func() {
		trap.Lane("main")
		defer trap.EndLane("main")
		for p := range c {
			e := unix.Rename(p, p+"x")
			c <- trap.Err(e)
		}
	}()
	trap.Begin()
	e1 := unix.Chmod(a, 0o600)
	c <- a
	s1 := <-c
	e2 := unix.Chmod(a, 0o601)
	e3 := unix.Chmod(a+"x", 0o602)
	c <- trap.Path("none")
	s2 := <-c
	e4 := unix.Chmod(a+"x", 0o603)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4), s1, s2)
	trap.Tree()
}
