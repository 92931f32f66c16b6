// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: each name comes only after the call for the one before was made
package main

import (
	"fmt"
	"os"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	c, late := make(chan string), 0
	go func() {
		for i := range 18 {
			c <- trap.Path(fmt.Sprint("f", i))
			// The receiver is past its call only when it asks for the next name.
			if i > 0 {
				if _, err := os.Lstat(trap.Path(fmt.Sprint("f", i-1))); err != nil {
					late++
				}
			}
		}
		close(c)
	}()
	n := 0
	trap.Begin()
	for p := range c {
		if err := unix.Mkdir(p, 0o700); err == nil {
			n++
		}
	}
	trap.End()
	fmt.Println(n, late)
}
