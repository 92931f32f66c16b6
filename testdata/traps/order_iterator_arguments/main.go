// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: arguments come from an iterator whose state moves with every call
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

type cursor struct {
	names []string
	at    int
}

func (c *cursor) next() string { c.at++; return c.names[c.at-1] }

func main() {
	c := &cursor{names: []string{trap.File("a", ""), trap.Path("b"), trap.Path("b"), trap.Path("c")}}
	trap.Begin()
	e1 := unix.Link(c.next(), c.next())
	at := c.at
	if err := unix.Link(c.next(), c.next()); err != nil {
		c.at = 0
	}
	e2 := unix.Chmod(c.names[c.at-1], 0o600)
	trap.End()
	fmt.Println(trap.Errs(e1, e2), at, c.at)
	trap.Tree()
}
