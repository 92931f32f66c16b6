// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: another goroutine answers through a second pipe what is written to the first
// faults: none
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	var to, from [2]int
	trap.Must(unix.Pipe(to[:]))
	trap.Must(unix.Pipe(from[:]))
	go func() {
		trap.Lane("echo")
		b := make([]byte, 8)
		for {
			n, err := unix.Read(to[0], b)
			if n <= 0 || err != nil {
				trap.EndLane("echo") // the other side goes on, and may end, as soon as it sees the end
				unix.Close(from[1])
				return
			}
			copy(b[n:], "!")
			unix.Write(from[1], b[:n+1])
		}
	}()
	b := make([]byte, 8)
	trap.Begin()
	n1, e1 := unix.Write(to[1], []byte("ab"))
	n2, e2 := unix.Read(from[0], b)
	n3, e3 := unix.Write(to[1], b[:n2])
	n4, e4 := unix.Read(from[0], b)
	e5 := unix.Close(to[1])
	n6, e6 := unix.Read(from[0], b[4:])
	trap.End()
	fmt.Println(n1, n2, n3, n4, n6, trap.Errs(e1, e2, e3, e4, e5, e6), string(b[:4]))
}
