// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: deferred closes run last and in reverse order, whatever leaves
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func pair(p, q string) (sum int64, err error) {
	fd, err := unix.Open(p, unix.O_RDONLY, 0)
	if err != nil {
		return -1, err
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return -2, err
	}
	fd2, err := unix.Open(q, unix.O_RDONLY, 0)
	if err != nil {
		return -3, err
	}
	defer unix.Close(fd2)
	var st2 unix.Stat_t
	if err := unix.Fstat(fd2, &st2); err != nil {
		return -4, err
	}
	return st.Size + st2.Size, nil
}

func main() {
	a, b, x := trap.File("a", "1"), trap.File("b", "22"), trap.Path("x")
	trap.Begin()
	for _, p := range [][2]string{{a, b}, {a, x}, {x, b}} {
		n, err := pair(p[0], p[1])
		fmt.Println(n, trap.Err(err))
	}
	trap.End()
}
