// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: a pipe is filled until it would block, then emptied
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	var p [2]int
	trap.Must(unix.Pipe(p[:]))
	trap.Must(unix.SetNonblock(p[0], true))
	trap.Must(unix.SetNonblock(p[1], true))
	buf := make([]byte, 4096)
	in, out := 0, 0
	trap.Begin()
	for {
		n, err := unix.Write(p[1], buf)
		if err != nil {
			fmt.Println(trap.Err(err))
			break
		}
		in += n
	}
	for {
		n, err := unix.Read(p[0], buf)
		if err == unix.EAGAIN {
			break
		}
		out += n
	}
	trap.End()
	fmt.Println(in > 0, in == out)
}
