// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// want: keep
// why: Fd makes a file block again: asking for it is an effect
package main

import (
	"fmt"
	"os"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	r, w, err := os.Pipe()
	trap.Must(err)
	buf := make([]byte, 2)
	trap.Begin()
	n1, e1 := w.Write([]byte("abcd"))
	n2, e2 := unix.Read(int(r.Fd()), buf)
	fl1, e3 := unix.FcntlInt(r.Fd(), unix.F_GETFL, 0)
	n4, e4 := unix.Read(int(r.Fd()), buf)
	fl2, e5 := unix.FcntlInt(w.Fd(), unix.F_GETFL, 0)
	trap.End()
	fmt.Println(n1, n2, n4, trap.Errs(e1, e2, e3, e4, e5), fl1&unix.O_NONBLOCK, fl2&unix.O_NONBLOCK, string(buf))
}
