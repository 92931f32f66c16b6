// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// want: any
// why: attributes are set, listed, read with short buffers and removed
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "")
	buf := []byte("........")
	trap.Begin()
	e1 := unix.Setxattr(a, "user.one", []byte("1234"), 0)
	n2, e2 := unix.Getxattr(a, "user.one", buf)
	n3, e3 := unix.Getxattr(a, "user.one", buf[:2])
	n4, e4 := unix.Getxattr(a, "user.none", nil)
	n5, e5 := unix.Getxattr(a, "user.one", nil)
	e6 := unix.Setxattr(a, "user.one", nil, unix.XATTR_CREATE)
	e7 := unix.Removexattr(a, "user.one")
	e8 := unix.Removexattr(a, "user.one")
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4, e5, e6, e7, e8), n2, n3, n4, n5, string(buf))
}
