// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: so many long names in one group that they cannot all sit in a small buffer
package main

import (
	"fmt"
	"strings"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	deep := strings.Repeat("/.", 900) + "/"
	p := func(n string) string { return trap.Dir + deep + n }
	a, b, c, d, e, f := p("a"), p("b"), p("c"), p("d"), p("e"), p("f")
	for _, n := range "abcdef" {
		trap.File(string(n), string(n))
	}
	trap.Begin()
	e1 := unix.Chmod(a, 0o600)
	e2 := unix.Chmod(b, 0o601)
	e3 := unix.Chmod(c, 0o602)
	e4 := unix.Rename(d, e)
	e5 := unix.Link(e, f)
	e6 := unix.Link(e, d)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4, e5, e6))
	trap.Tree()
}
