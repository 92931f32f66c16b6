// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: where a result goes is found out by a function with effects
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

var slots [4]int
var errs [4]error
var at int

func slot() *int { at++; fmt.Println("slot", at); return &slots[at] }

func main() {
	a := trap.File("a", "")
	trap.Begin()
	*slot(), errs[at] = unix.Open(a, unix.O_RDONLY, 0)
	*slot(), errs[at] = unix.Open(trap.Path("x"), unix.O_RDONLY, 0)
	*slot(), errs[at] = unix.Open(a, unix.O_WRONLY, 0)
	trap.End()
	fmt.Println(slots[1] > 2, slots[2], slots[3] > slots[1], trap.Errs(errs[:]...))
}
