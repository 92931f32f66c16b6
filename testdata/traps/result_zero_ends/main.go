// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: a count of 0 leaves, anything above goes on
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func two(fd int, b []byte) string {
	n, err := unix.Read(fd, b[:3])
	if err != nil {
		return "error"
	}
	if n == 0 {
		return "end"
	}
	if _, err := unix.Seek(fd, 1, 1); err != nil {
		return "seek"
	}
	return fmt.Sprint(n, string(b[:n]))
}

func main() {
	fd, b := trap.Fd("a", "0123456789"), make([]byte, 3)
	trap.Begin()
	fmt.Println(two(fd, b), two(fd, b), two(fd, b), two(fd, b), two(-1, b))
	at, err := unix.Seek(fd, 0, 1)
	trap.End()
	fmt.Println(at, trap.Err(err))
}
