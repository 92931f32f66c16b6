// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// want: keep
// why: a child process runs between two calls and inherits what the first one did
package main

import (
	"fmt"
	"syscall"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	fd := trap.Fd("a", "0123456789")
	var ws unix.WaitStatus
	trap.Begin()
	at, e1 := unix.Seek(fd, 4, 0)
	pid, e2 := syscall.ForkExec("/bin/sh", []string{"sh", "-c", "read x; test \"$x\" = 456789"}, &syscall.ProcAttr{Files: []uintptr{uintptr(fd), 1, 2}})
	got, e3 := unix.Wait4(pid, &ws, 0, nil)
	at2, e4 := unix.Seek(fd, 0, 1)
	e5 := unix.Ftruncate(fd, at2-1)
	trap.End()
	fmt.Println(at, at2, got == pid, ws.Exited(), ws.ExitStatus(), trap.Errs(e1, e2, e3, e4, e5))
	trap.Tree()
}
