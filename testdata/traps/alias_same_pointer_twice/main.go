// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: two pointer parameters may be one and the same
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func two(p, q string, x, y *unix.Stat_t) (int64, int64, error) {
	if err := unix.Lstat(p, x); err != nil {
		return x.Size, y.Size, err
	}
	if err := unix.Lstat(q, y); err != nil {
		return x.Size, y.Size, err
	}
	return x.Size, y.Size, nil
}

func main() {
	a, b := trap.File("a", "1"), trap.File("b", "22")
	var s, t unix.Stat_t
	trap.Begin()
	fmt.Println(two(a, b, &s, &t))
	fmt.Println(two(b, a, &s, &s))
	fmt.Println(two(b, "", &s, &s))
	trap.End()
}
