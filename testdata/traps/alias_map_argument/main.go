// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: arguments come from a map that is written between
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	m := map[string]string{"x": trap.File("a", ""), "y": trap.File("b", "")}
	trap.Begin()
	e1 := unix.Chmod(m["x"], 0o600)
	m["x"], m["y"] = m["y"], m["x"]
	e2 := unix.Chmod(m["x"], 0o601)
	delete(m, "x")
	e3 := unix.Chmod(m["x"], 0o602)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3))
	trap.Tree()
}
