// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: the second call's argument goes through a nil pointer
package main

import (
	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

type node struct {
	path string
	next *node
}

func two(n *node) {
	_ = unix.Chmod(n.path, 0o600)
	_ = unix.Chmod(n.next.path, 0o601)
	_ = unix.Chmod(n.path, 0o602)
}

func main() {
	a, b := trap.File("a", ""), trap.File("b", "")
	trap.Begin()
	trap.Try("two", func() { two(&node{a, &node{path: b}}) })
	trap.Try("one", func() { two(&node{path: b}) })
	trap.Try("none", func() { two(nil) })
	trap.End()
	trap.Tree()
}
