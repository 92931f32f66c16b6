// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: what a call returns is computed with before the next call gets it
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	fd := trap.Fd("a", "0123456789")
	trap.Begin()
	end, err := unix.Seek(fd, -3, 2)
	e1 := unix.Ftruncate(fd, end*2-6)
	n, err2 := unix.Pwrite(fd, []byte("abc"), end)
	e2 := unix.Fchmod(fd, uint32(0o600+n))
	e3 := unix.Ftruncate(fd, int64(n)*int64(end)/2)
	trap.End()
	fmt.Println(end, n, trap.Errs(err, err2, e1, e2, e3))
	trap.Tree()
}
