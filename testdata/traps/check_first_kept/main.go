// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: the first error is kept, the others are forgotten, all calls are made
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func flush(fds [3]int) (first error) {
	if err := unix.Fsync(fds[0]); err != nil {
		first = err
	}
	if err := unix.Ftruncate(fds[1], -1); err != nil && first == nil {
		first = err
	}
	if err := unix.Close(fds[2]); err != nil && first == nil {
		first = err
	}
	return
}

func main() {
	a, b := trap.Fd("a", "1"), trap.Fd("b", "2")
	ro, err := unix.Open(trap.Path("a"), unix.O_RDONLY, 0)
	trap.Must(err)
	trap.Begin()
	e1 := flush([3]int{a, ro, b})
	e2 := flush([3]int{-1, a, b})
	e3 := flush([3]int{a, a, a})
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3))
}
