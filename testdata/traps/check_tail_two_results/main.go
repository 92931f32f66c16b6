// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: a call with two results is the return statement
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func header(fd int, st *unix.Stat_t, buf []byte) (int, error) {
	if err := unix.Fstat(fd, st); err != nil {
		return -7, err
	}
	return unix.Pread(fd, buf, 2)
}

func main() {
	fd := trap.Fd("a", "0123456789")
	var st unix.Stat_t
	buf := make([]byte, 4)
	trap.Begin()
	n1, e1 := header(fd, &st, buf)
	n2, e2 := header(-1, &st, buf)
	n3, e3 := header(fd, &st, nil)
	trap.End()
	fmt.Println(n1, n2, n3, trap.Errs(e1, e2, e3), st.Size, string(buf))
}
