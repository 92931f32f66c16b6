// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: destinations are package variables which handlers and helpers read
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

var (
	st  unix.Stat_t
	err error
	buf [4]byte
)

//go:noinline
func show() { fmt.Println(trap.Err(err), st.Size, string(buf[:])) }

func main() {
	a, fd := trap.File("a", "12345"), trap.Fd("b", "wxyz")
	trap.Begin()
	if err = unix.Lstat(trap.Path("x"), &st); err != nil {
		show()
	}
	if err = unix.Lstat(a, &st); err != nil {
		show()
	}
	if _, err = unix.Pread(fd, buf[:], 2); err == nil {
		show()
	}
	if _, err = unix.Pread(fd, buf[:], -2); err != nil {
		show()
	}
	trap.End()
	show()
}
