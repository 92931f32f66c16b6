// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: the group sits in a file for Linux alone, another file serves the others
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
)

func main() {
	a := trap.File("a", "0123456789")
	trap.Begin()
	fmt.Println(reserve(a, 20))
	fmt.Println(reserve(a+"x", 20))
	trap.End()
	trap.Tree()
}
