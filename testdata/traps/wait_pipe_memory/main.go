// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: after a read from a pipe, memory that the writer set before holds the next path
// faults: none
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

type job struct{ path string }

func main() {
	a, b := trap.File("a", ""), trap.File("b", "")
	var go1, done [2]int
	trap.Must(unix.Pipe(go1[:]))
	trap.Must(unix.Pipe(done[:]))
	j := &job{a}
	go func() {
		one := make([]byte, 1)
		unix.Read(go1[0], one)
		j.path = b
		unix.Write(done[1], one)
	}()
	one := []byte{1}
	trap.Begin()
	e1 := unix.Chmod(j.path, 0o600)
	_, e2 := unix.Write(go1[1], one)
	_, e3 := unix.Read(done[0], one)
	e4 := unix.Chmod(j.path, 0o601)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4))
	trap.Tree()
}
