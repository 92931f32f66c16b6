// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: a field is set between the calls through another pointer to the same struct
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

type config struct {
	path string
	mode uint32
	next *config
}

func apply(c, d *config) (err error) {
	if err = unix.Chmod(c.path, c.mode); err != nil {
		return err
	}
	d.path, d.mode = d.path+"2", d.mode|0o7
	if err = unix.Chmod(c.path, c.mode); err != nil {
		return err
	}
	c.next.mode = 0o700
	return unix.Chmod(d.path, d.mode)
}

func main() {
	a := trap.File("a", "")
	trap.File("a2", "")
	trap.File("b", "")
	trap.File("b2", "")
	x := &config{path: a, mode: 0o600}
	x.next = x
	y := &config{path: trap.Path("b"), mode: 0o640, next: x}
	trap.Begin()
	e1 := apply(x, x)
	e2 := apply(y, &config{path: trap.Path("a"), mode: 0o604})
	trap.End()
	fmt.Println(trap.Errs(e1, e2))
	trap.Tree()
}
