// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// want: any
// why: Wait4 writes its status only when there is one, Select and Poll their sets
package main

import (
	"fmt"
	"syscall"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	pid, err := syscall.ForkExec("/bin/sh", []string{"sh", "-c", "exit 3"}, nil)
	trap.Must(err)
	var p [2]int
	trap.Must(unix.Pipe(p[:]))
	ws, ws2 := unix.WaitStatus(0x7777), unix.WaitStatus(0x7777)
	pfd := []unix.PollFd{{Fd: int32(p[0]), Events: unix.POLLIN}, {Fd: int32(p[1]), Events: unix.POLLOUT}}
	trap.Begin()
	got, e1 := unix.Wait4(pid, &ws, 0, nil)
	got2, e2 := unix.Wait4(pid, &ws2, 0, nil)
	n, e3 := unix.Poll(pfd, 0)
	r1 := pfd[0].Revents
	w, e4 := unix.Write(p[1], []byte("x"))
	m, e5 := unix.Poll(pfd[:1], -1)
	trap.End()
	fmt.Println(got == pid, got2 == pid, ws.ExitStatus(), int(ws2), n, m, w, r1, pfd[0].Revents, pfd[1].Revents, trap.Errs(e1, e2, e3, e4, e5))
}
