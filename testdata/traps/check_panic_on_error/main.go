// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: an error panics; a deferred function catches it
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func strict(a, b string) {
	if err := unix.Chmod(a, 0o700); err != nil {
		panic(err)
	}
	if err := unix.Chmod(b, 0o711); err != nil {
		panic(fmt.Sprintf("second: %v", err))
	}
}

func main() {
	a, b := trap.File("a", ""), trap.File("b", "")
	trap.Begin()
	trap.Try("both", func() { strict(a, b) })
	trap.Try("first", func() { strict("", b) })
	trap.Try("second", func() { strict(b, "") })
	trap.End()
	trap.Tree()
}
