// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: a read lands in the very variable that is the next call's offset
package main

import (
	"fmt"
	"unsafe"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	var head [8]byte
	head[0] = 4
	fd := trap.Fd("a", string(head[:])+"0123456789")
	off := int64(9)
	view := unsafe.Slice((*byte)(unsafe.Pointer(&off)), 8)
	buf := make([]byte, 3)
	trap.Begin()
	n1, e1 := unix.Pread(fd, view, 0)
	n2, e2 := unix.Pread(fd, buf, off+8)
	n3, e3 := unix.Pwrite(fd, buf, off)
	trap.End()
	fmt.Println(n1, n2, n3, trap.Errs(e1, e2, e3), off, string(buf))
	trap.Tree()
}
