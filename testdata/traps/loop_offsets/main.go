// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: an offset moves by what each write returned
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func writeAll(fd int, b []byte, at int64) (int64, error) {
	start := at
	for len(b) > 0 {
		n, err := unix.Pwrite(fd, b[:min(len(b), 7)], at)
		if err != nil {
			return at - start, err
		}
		at += int64(n)
		b = b[n:]
	}
	return at - start, nil
}

func main() {
	fd := trap.Fd("a", "")
	trap.Begin()
	fmt.Println(writeAll(fd, []byte("The quick brown fox jumps over the lazy dog, twice, and then a third time around the whole garden."), 3))
	fmt.Println(writeAll(fd, nil, 0))
	fmt.Println(writeAll(-1, []byte("x"), 0))
	trap.End()
	trap.Tree()
}
