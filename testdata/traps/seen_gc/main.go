// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: collections run between the calls, destinations are on stack and heap
package main

import (
	"fmt"
	"runtime"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "12345")
	st := new(unix.Stat_t)
	var local unix.Stat_t
	buf := make([]byte, 3)
	fd := trap.Fd("b", "xyz")
	trap.Begin()
	e1 := unix.Lstat(a, st)
	runtime.GC()
	e2 := unix.Lstat(a+"x", &local)
	_ = make([]byte, 1<<20)
	n, e3 := unix.Pread(fd, buf, 0)
	runtime.GC()
	e4 := unix.Lstat(a, &local)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4), st.Size, local.Size, n, string(buf))
}
