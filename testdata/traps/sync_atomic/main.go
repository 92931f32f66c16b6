// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: an atomic flag between the calls lets a spinning goroutine remove the file
package main

import (
	"fmt"
	"os"
	"runtime"
	"sync/atomic"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "")
	var turn atomic.Int32
	go func() {
		for turn.Load() != 1 {
			runtime.Gosched()
		}
		os.Remove(a)
		turn.Store(2)
	}()
	trap.Begin()
	e1 := unix.Chmod(a, 0o600)
	turn.Store(1)
	for turn.Load() != 2 {
		runtime.Gosched()
	}
	e2 := unix.Chmod(a, 0o601)
	e3 := unix.Mkdir(a, 0o700)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3))
	trap.Tree()
}
