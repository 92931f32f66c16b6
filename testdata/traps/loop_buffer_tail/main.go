// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: a short read leaves the tail of the buffer from the iteration before
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	fd := trap.Fd("a", "0123456789")
	buf := make([]byte, 4)
	var out []byte
	trap.Begin()
	for off := int64(0); off < 12; off += 3 {
		n, err := unix.Pread(fd, buf, off)
		if err != nil {
			break
		}
		out = append(append(out, buf...), byte('0'+n), '|')
	}
	trap.End()
	fmt.Println(string(out))
}
