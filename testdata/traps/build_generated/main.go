// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: the group sits in a generated file, which nobody may edit
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
)

func main() {
	a, b := trap.File("a", "1"), trap.File("b", "22")
	trap.Begin()
	fmt.Println(generatedSizes(a, b))
	fmt.Println(generatedSizes(a, ""))
	trap.End()
}
