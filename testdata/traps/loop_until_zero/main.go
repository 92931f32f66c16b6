// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: read until a count of 0
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	fd := trap.Fd("a", "The quick brown fox jumps over the lazy dog")
	sum, reads := 0, 0
	buf := make([]byte, 5)
	trap.Begin()
	for {
		n, err := unix.Read(fd, buf)
		if err != nil || n == 0 {
			break
		}
		reads++
		for _, c := range buf[:n] {
			sum = (sum*31 + int(c)) % 65521
		}
	}
	at, err := unix.Seek(fd, 0, 1)
	trap.End()
	fmt.Println(sum, reads, at, trap.Err(err))
}
