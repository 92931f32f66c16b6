// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: the program dies of a panic in the second call's argument
package main

import (
	"fmt"
	"os"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

var table = []string{"a"}

func main() {
	defer fmt.Println("deferred")
	trap.File("a", "")
	i := len(os.Args) + 4
	trap.Begin()
	e := unix.Chmod(trap.Path(table[0]), 0o600)
	fmt.Println(trap.Err(e))
	e = unix.Chmod(trap.Path(table[i-4]), 0o601)
	fmt.Println(trap.Err(e))
	trap.End()
}
