// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: two calls per file, as after a copy; a failure skips the second
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	type meta struct {
		path string
		mode uint32
		to   string
	}
	var list []meta
	for i := range 20 {
		m := meta{trap.File(fmt.Sprint(i), ""), 0o600 + uint32(i%8), trap.Path(fmt.Sprint("l", i))}
		if i%7 == 3 {
			m.path = trap.Path("none")
		}
		if i == 18 {
			m.to = list[2].to
		}
		list = append(list, m)
	}
	errs := 0
	trap.Begin()
	for _, m := range list {
		if err := unix.Chmod(m.path, m.mode); err != nil {
			errs++
			continue
		}
		if err := unix.Link(m.path, m.to); err != nil {
			errs += 100
			break
		}
	}
	trap.End()
	fmt.Println(errs)
	trap.Tree()
}
