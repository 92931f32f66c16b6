// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: a handler ends the goroutine; its deferred functions still run
package main

import (
	"fmt"
	"runtime"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "")
	for _, first := range []string{a, trap.Path("x")} {
		done := make(chan string)
		go func() {
			s := "left early"
			defer func() { done <- s }()
			trap.Lane("worker")
			defer trap.EndLane("worker")
			if err := unix.Chmod(first, 0o600); err != nil {
				runtime.Goexit()
			}
			if err := unix.Chmod(a, 0o640); err != nil {
				runtime.Goexit()
			}
			s = "ran through"
		}()
		fmt.Println(<-done)
	}
	trap.Begin()
	trap.End()
	trap.Tree()
}
