// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// want: keep
// why: a limit set between the calls makes the later one fail
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "")
	var old unix.Rlimit
	trap.Must(unix.Getrlimit(unix.RLIMIT_NOFILE, &old))
	trap.Begin()
	fd, e1 := unix.Open(a, unix.O_RDONLY, 0)
	e2 := unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: uint64(fd) + 1, Max: old.Max})
	_, e3 := unix.Open(a, unix.O_RDONLY, 0)
	e4 := unix.Setrlimit(unix.RLIMIT_NOFILE, &old)
	fd2, e5 := unix.Open(a, unix.O_RDONLY, 0)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4, e5), fd2 == fd+1)
}
