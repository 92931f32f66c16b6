// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: storing the first result fails: the second call is never made
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func opens(fds []int, m map[string]error, p, q string) {
	var err error
	fds[1], err = unix.Open(p, unix.O_RDONLY, 0)
	if err != nil {
		fmt.Println(trap.Err(err))
	}
	m["chmod"] = unix.Chmod(q, 0o600)
	_ = unix.Chmod(p, 0o601)
}

func main() {
	a, b := trap.File("a", ""), trap.File("b", "")
	c := trap.File("c", "")
	trap.Begin()
	trap.Try("index", func() { opens(make([]int, 1), nil, a, b) })
	trap.Try("map", func() { opens(make([]int, 2), nil, b, a) })
	trap.Try("fine", func() { opens(make([]int, 2), map[string]error{}, c, c) })
	trap.End()
	trap.Tree()
}
