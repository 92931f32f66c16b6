// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: an error is cleared away before the next attempt
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	d := trap.Path("d")
	trap.File("d", "")
	var log []string
	trap.Begin()
	for try := range 5 {
		err := unix.Mkdir(d, 0o700)
		log = append(log, trap.Err(err))
		if err == nil {
			break
		}
		if try == 2 {
			unix.Unlink(d)
		}
	}
	trap.End()
	fmt.Println(log)
	trap.Tree()
}
