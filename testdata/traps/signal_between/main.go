// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: the program signals itself; the handler's goroutine changes the file before the next call
package main

import (
	"fmt"
	"os"
	"os/signal"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "")
	c := make(chan os.Signal, 1)
	signal.Notify(c, unix.SIGUSR1)
	done := make(chan error)
	go func() {
		for range c {
			done <- os.Rename(a, a+"2")
		}
	}()
	trap.Begin()
	e1 := unix.Chmod(a, 0o600)
	e2 := unix.Kill(unix.Getpid(), unix.SIGUSR1)
	e3 := <-done
	e4 := unix.Chmod(a, 0o601)
	e5 := unix.Chmod(a+"2", 0o602)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4, e5))
	trap.Tree()
}
