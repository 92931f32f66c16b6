// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: two reads into overlapping parts of one buffer, in order
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	fd := trap.Fd("a", "0123456789")
	b := []byte("............")
	lo, hi := b[:6], b[3:9]
	trap.Begin()
	n1, e1 := unix.Pread(fd, lo, 0)
	n2, e2 := unix.Pread(fd, hi, 4)
	n3, e3 := unix.Pread(fd, b[2:4:4], 0)
	trap.End()
	fmt.Println(n1, n2, n3, trap.Errs(e1, e2, e3), string(b))
}
