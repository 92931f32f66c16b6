// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: deferred closures see err and st as the last executed call left them
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func run(p, q, r string) {
	var st unix.Stat_t
	var err error
	defer func() { fmt.Println("deferred", trap.Err(err), st.Size) }()
	if err = unix.Lstat(p, &st); err != nil {
		return
	}
	if err = unix.Lstat(q, &st); err != nil {
		return
	}
	err = unix.Lstat(r, &st)
}

func main() {
	a, b, x := trap.File("a", "1"), trap.File("b", "22"), trap.Path("x")
	trap.Begin()
	run(a, b, a)
	run(a, b, x)
	run(a, x, b)
	run(x, b, a)
	trap.End()
}
