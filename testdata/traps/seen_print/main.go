// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: printing between the calls
package main

import (
	"fmt"
	"os"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a, b := trap.File("a", ""), trap.File("b", "")
	trap.Begin()
	fmt.Println("start")
	e := unix.Chmod(a, 0o600)
	fmt.Println("one", trap.Err(e))
	e = unix.Chmod(b, 0o600)
	println("two")
	e2 := unix.Unlink(a)
	os.Stdout.WriteString("three\n")
	e3 := unix.Unlink(b)
	trap.End()
	fmt.Println(trap.Errs(e, e2, e3))
}
