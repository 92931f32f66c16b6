// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: handlers print what the failing call left in its destination
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "12345")
	fd := trap.Fd("b", "abc")
	st := unix.Stat_t{Size: 77}
	buf := []byte("------")
	trap.Begin()
	if err := unix.Lstat(trap.Path("none"), &st); err != nil {
		fmt.Println(trap.Err(err), st.Size)
	}
	if err := unix.Lstat(a, &st); err != nil {
		fmt.Println(trap.Err(err), st.Size)
	}
	if n, err := unix.Pread(-1, buf, 0); err != nil {
		fmt.Println(n, trap.Err(err), string(buf))
	}
	if n, err := unix.Pread(fd, buf, 1); err != nil || n < 6 {
		fmt.Println(n, trap.Err(err), string(buf))
	}
	trap.End()
	fmt.Println(st.Size)
}
