// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: an argument panics in the middle of the loop, everything before it was done
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

type entry struct {
	path string
	mode *uint32
}

func main() {
	var list []*entry
	for i := range 20 {
		m := 0o600 + uint32(i%8)
		list = append(list, &entry{trap.File(fmt.Sprintf("f%02d", i), ""), &m})
	}
	list[17].mode = nil
	trap.Begin()
	trap.Try("mode", func() {
		for _, e := range list {
			_ = unix.Chmod(e.path, *e.mode)
		}
	})
	list[5] = nil
	n := 0
	trap.Try("entry", func() {
		for _, e := range list {
			_ = unix.Chmod(e.path, 0o755)
			n++
		}
	})
	trap.End()
	fmt.Println(n)
	trap.Tree()
}
