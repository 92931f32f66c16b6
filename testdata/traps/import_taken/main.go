// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: the name batchrt is that of another package
package main

import (
	batchrt "fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a, b := trap.File("a", ""), trap.File("b", "")
	trap.Begin()
	if err := unix.Chmod(a, 0o600); err != nil {
		batchrt.Println(err)
	}
	if err := unix.Chmod(b, 0o601); err != nil {
		batchrt.Println(err)
	}
	trap.End()
	trap.Tree()
}
