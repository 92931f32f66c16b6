// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: the package's names are imported into the file
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	. "golang.org/x/sys/unix"
)

func main() {
	a, b := trap.File("a", "1"), trap.File("b", "22")
	var s, t Stat_t
	trap.Begin()
	if err := Lstat(a, &s); err != nil {
		panic(err)
	}
	if err := Lstat(b, &t); err != nil {
		panic(err)
	}
	e := Unlink(a)
	e2 := Unlink(a)
	trap.End()
	fmt.Println(s.Size, t.Size, trap.Errs(e, e2))
}
