// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// want: keep
// why: CopyFileRange moves an offset that the next call and the program read
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	src, dst := trap.Fd("a", "0123456789"), trap.Fd("b", "")
	from, to := int64(2), int64(0)
	trap.Begin()
	n1, e1 := unix.CopyFileRange(src, &from, dst, &to, 3, 0)
	mid := from
	n2, e2 := unix.CopyFileRange(src, &from, dst, &to, 3, 0)
	to = 0
	n3, e3 := unix.CopyFileRange(src, &from, dst, &to, int(from-mid), 0)
	n4, e4 := unix.CopyFileRange(src, nil, dst, nil, 1, 0)
	trap.End()
	fmt.Println(n1, n2, n3, n4, trap.Errs(e1, e2, e3, e4), from, mid, to)
	trap.Tree()
}
