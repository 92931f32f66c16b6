// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: ranging over a string by characters, broken ones included
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	trap.Begin()
	for i, r := range "aé\xff世b" {
		if err := unix.Mkdir(trap.Path(string(r)), 0o700+uint32(i)); err != nil {
			fmt.Println(i, r, trap.Err(err))
		}
	}
	trap.End()
	trap.Tree()
}
