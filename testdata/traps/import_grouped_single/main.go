// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: single-line imports, one of them with a comment
package main

import "fmt"
import "autobatch.test/traps/internal/trap"

// The calls come from here. KEEP: above the import
import "golang.org/x/sys/unix" // KEEP: behind the import

func main() {
	a, b := trap.File("a", ""), trap.File("b", "")
	trap.Begin()
	e1 := unix.Chmod(a, 0o600)
	e2 := unix.Chmod(b, 0o601)
	trap.End()
	fmt.Println(trap.Errs(e1, e2))
	trap.Tree()
}
