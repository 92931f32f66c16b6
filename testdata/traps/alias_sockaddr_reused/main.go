// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// want: any
// why: one address value is changed and used again
package main

import (
	"fmt"
	"os"
	"strconv"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	path := func(n string) string { return "@trap-" + n + strconv.Itoa(os.Getpid()) }
	fd1, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
	trap.Must(err)
	fd2, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
	trap.Must(err)
	sa := &unix.SockaddrUnix{Name: path("1")}
	e1 := unix.Bind(fd1, sa)
	sa.Name = path("2")
	e2 := unix.Bind(fd2, sa)
	e3 := unix.Connect(fd1, sa)
	sa.Name = path("1")
	e4 := unix.Connect(fd2, sa)
	trap.Begin()
	n1, e5 := unix.Write(fd1, []byte("one"))
	n2, e6 := unix.Write(fd2, []byte("three"))
	buf := make([]byte, 9)
	n3, e7 := unix.Read(fd1, buf)
	n4, e8 := unix.Read(fd2, buf[5:])
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4, e5, e6, e7, e8), n1, n2, n3, n4, string(buf))
}
