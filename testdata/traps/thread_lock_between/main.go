// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: threads are locked and unlocked between calls
package main

import (
	"fmt"
	"runtime"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	out := make(chan string)
	a := trap.File("a", "")
	trap.Begin()
	e1 := unix.Chmod(a, 0o600)
	runtime.LockOSThread()
	e2 := unix.Chmod(a, 0o601)
	runtime.UnlockOSThread()
	go func() {
		trap.Lane("main")
		e := unix.Chmod(a, 0o602)
		trap.EndLane("main")
		out <- trap.Err(e)
	}()
	s := <-out
	e3 := unix.Chmod(a, 0o603)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3), s)
	trap.Tree()
}
