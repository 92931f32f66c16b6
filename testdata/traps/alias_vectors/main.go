// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// want: any
// why: vectors of buffers, some shared, some empty
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	fd := trap.Fd("a", "0123456789")
	b := []byte("........")
	v := [][]byte{b[:2], nil, b[4:8], b[1:3]}
	trap.Begin()
	n1, e1 := unix.Preadv(fd, v, 1)
	v[1] = b[7:]
	n2, e2 := unix.Pwritev(fd, v, 5)
	n3, e3 := unix.Preadv(fd, nil, 0)
	n4, e4 := unix.Pread(fd, b, 6)
	trap.End()
	fmt.Println(n1, n2, n3, n4, trap.Errs(e1, e2, e3, e4), string(b))
	trap.Tree()
}
