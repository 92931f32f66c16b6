// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: counts and errors of reads and writes are used after the next call
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	fd := trap.Fd("a", "0123456789")
	var x, y [8]byte
	trap.Begin()
	n, err := unix.Pread(fd, x[:], 4)
	m, err2 := unix.Pread(fd, y[:], 9)
	k, err3 := unix.Pwrite(fd, []byte("zz"), 8)
	l, err4 := unix.Pread(fd, x[:2], 8)
	trap.End()
	fmt.Println(n, m, k, l, trap.Errs(err, err2, err3, err4), n+m*10+k*100)
	fmt.Printf("%q %q\n", x, y)
}
