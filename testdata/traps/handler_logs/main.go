// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: handlers write to the log and go on
package main

import (
	"fmt"
	"log"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	log.SetFlags(0)
	a, x := trap.File("a", "1"), trap.Path("x")
	var s1, s2, s3 unix.Stat_t
	trap.Begin()
	if err := unix.Lstat(a, &s1); err != nil {
		log.Print("one: ", err)
	}
	if err := unix.Lstat(x, &s2); err != nil {
		log.Print("two: ", err)
	}
	if err := unix.Lstat(a, &s3); err != nil {
		log.Print("three: ", err)
	}
	trap.End()
	fmt.Println(s1.Size, s2.Size, s3.Size, s2 == unix.Stat_t{})
}
