// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// want: batch
// why: addresses that are literals in the calls: every rule of the encoding
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

// two options, a name, and a backlog
func listen(fd int, name string) (string, error) {
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		return "reuse", err
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_PASSCRED, 1); err != nil {
		return "cred", err
	}
	if err := unix.Bind(fd, &unix.SockaddrUnix{Name: name}); err != nil {
		return "bind", err
	}
	return "listen", unix.Listen(fd, 2)
}

func connect(fd, other int, name string) (string, error) {
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_PASSCRED, 0); err != nil {
		return "cred", err
	}
	if err := unix.Connect(fd, &unix.SockaddrUnix{Name: name}); err != nil {
		return "connect", err
	}
	// A connected one cannot be connected again.
	if err := unix.Connect(fd, &unix.SockaddrUnix{Name: name + "x"}); err == nil {
		return "connected twice", nil
	}
	return "options", unix.SetsockoptInt(other, unix.SOL_SOCKET, unix.SO_PASSCRED, 0)
}

func inet(fd4, fd6, port int, addr [4]byte) (a, b, c, d error) {
	a = unix.Bind(fd4, &unix.SockaddrInet4{Port: port, Addr: addr})
	b = unix.Bind(fd6, &unix.SockaddrInet6{Port: port, ZoneId: 7, Addr: [16]byte{15: 1}})
	c = unix.Bind(fd4, &unix.SockaddrInet6{Port: port})
	d = unix.Bind(fd6, &unix.SockaddrNetlink{Pid: uint32(port)})
	return
}

func socket(family, kind int) int {
	fd, err := unix.Socket(family, kind|unix.SOCK_CLOEXEC, 0)
	trap.Must(err)
	return fd
}

func main() {
	trap.Must(os.Chdir(trap.Dir))
	pid := strconv.Itoa(os.Getpid())
	// The bytes of names with the process's number are not compared between runs.
	for _, name := range []string{"@trap-" + pid, "\x00trap" + pid, "sock", "./sock", "a/sock", "sock2\x00tail", strings.Repeat("y", 107), strings.Repeat("z", 108)} {
		fixed := !strings.Contains(name, pid)
		l, c, o := socket(unix.AF_UNIX, unix.SOCK_STREAM), socket(unix.AF_UNIX, unix.SOCK_STREAM), socket(unix.AF_UNIX, unix.SOCK_STREAM)
		if fixed {
			trap.Begin()
		}
		s1, e1 := listen(l, name)
		s2, e2 := connect(c, o, name)
		if fixed {
			trap.End()
		}
		fmt.Println(strings.ReplaceAll(strconv.Quote(name), pid, "PID"), s1, s2, trap.Errs(e1, e2))
		for _, fd := range []int{l, c, o} {
			trap.Must(unix.Close(fd))
		}
		unix.Unlink(strings.TrimSuffix(name, "\x00tail"))
	}
	for _, port := range []int{0, -1, 65536} {
		fd4, fd6 := socket(unix.AF_INET, unix.SOCK_DGRAM), socket(unix.AF_UNIX, unix.SOCK_DGRAM)
		trap.Begin()
		a, b, c, d := inet(fd4, fd6, port, [4]byte{127, 0, 0, 1})
		trap.End()
		fmt.Println(port, trap.Errs(a, b, c, d))
		trap.Must(unix.Close(fd4))
		trap.Must(unix.Close(fd6))
	}
}
