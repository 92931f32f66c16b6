// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: the buffer is changed between being read and being written, and after
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	src, dst := trap.Fd("a", "0123456789"), trap.Fd("b", "")
	buf := make([]byte, 5)
	trap.Begin()
	n1, e1 := unix.Pread(src, buf, 0)
	buf[0], buf[4] = 'x', buf[1]
	n2, e2 := unix.Pwrite(dst, buf, 0)
	copy(buf, "YYY")
	n3, e3 := unix.Pwrite(dst, buf, 5)
	clear(buf)
	trap.End()
	fmt.Println(n1, n2, n3, trap.Errs(e1, e2, e3))
	trap.Tree()
}
