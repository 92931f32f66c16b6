// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: counting loops: range over integers, named types and expressions
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

type count int8

func main() {
	fd := trap.Fd("a", "")
	limit := 3
	calls := func() int { limit++; return limit }
	trap.Begin()
	for i := range 5 {
		unix.Ftruncate(fd, int64(i))
	}
	for i := range count(17) {
		if err := unix.Ftruncate(fd, int64(i)*2-1); err != nil {
			fmt.Println(i, trap.Err(err))
		}
	}
	for range calls() {
		unix.Fchmod(fd, 0o600+uint32(limit))
		limit += 10
	}
	for i := range limit - 100 {
		unix.Fchmod(fd, uint32(i))
	}
	trap.End()
	fmt.Println(limit)
	trap.Tree()
}
