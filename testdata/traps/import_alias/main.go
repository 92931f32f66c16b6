// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: the package has another name
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	sys "golang.org/x/sys/unix"
)

func main() {
	a, b := trap.File("a", "1"), trap.File("b", "22")
	var s, t sys.Stat_t
	trap.Begin()
	if err := sys.Lstat(a, &s); err != nil {
		panic(err)
	}
	if err := sys.Lstat(b, &t); err != nil {
		panic(err)
	}
	trap.End()
	fmt.Println(s.Size, t.Size)
}
