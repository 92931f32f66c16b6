// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// want: any
// why: a signal interrupts a waiting call; what follows runs as usual
package main

import (
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"
	"time"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	c := make(chan os.Signal, 100)
	signal.Notify(c, unix.SIGUSR2)
	a := trap.File("a", "")
	pid, tid := unix.Getpid(), unix.Gettid()
	var stop atomic.Bool
	over := make(chan bool)
	go func() {
		for !stop.Load() {
			time.Sleep(10 * time.Millisecond)
			unix.Tgkill(pid, tid, unix.SIGUSR2)
		}
		close(over)
	}()
	trap.Begin()
	n, e1 := unix.Poll([]unix.PollFd{{Fd: -1}}, 10000)
	stop.Store(true)
	<-over
	e2 := unix.Chmod(a, 0o600)
	e3 := unix.Chmod(a, 0o604)
	trap.End()
	fmt.Println(n, trap.Errs(e1, e2, e3))
	trap.Tree()
}
