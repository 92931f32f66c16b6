// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: the buffer that one call fills is what the next one writes, whole
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	src, dst := trap.Fd("a", "0123456789"), trap.Fd("b", "")
	buf := []byte("########")
	trap.Begin()
	n1, e1 := unix.Pread(src, buf, 1)
	n2, e2 := unix.Pwrite(dst, buf, 0)
	n3, e3 := unix.Pread(src, buf, 7)
	n4, e4 := unix.Pwrite(dst, buf, 8)
	trap.End()
	fmt.Println(n1, n2, n3, n4, trap.Errs(e1, e2, e3, e4), string(buf))
	trap.Tree()
}
