// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: a write to a nil map stands between two calls
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func tally(m map[string]int, p string) {
	if err := unix.Chmod(p, 0o600); err != nil {
		return
	}
	m[p]++
	if err := unix.Chmod(p, 0o640); err != nil {
		return
	}
	m[p]++
}

func main() {
	a, b := trap.File("a", ""), trap.File("b", "")
	m := map[string]int{}
	trap.Begin()
	trap.Try("made", func() { tally(m, a) })
	trap.Try("nil", func() { tally(nil, b) })
	trap.End()
	fmt.Println(len(m), m[a])
	trap.Tree()
}
