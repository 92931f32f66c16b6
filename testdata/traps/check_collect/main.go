// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: every error is put on a list, nothing leaves
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func tidy(p, q, r string) (errs []error) {
	if err := unix.Unlink(p); err != nil {
		errs = append(errs, err)
	}
	if err := unix.Rmdir(q); err != nil {
		errs = append(errs, fmt.Errorf("rmdir: %w", err))
	}
	if err := unix.Chmod(r, 0o600); err != nil {
		errs = append(errs, err)
	}
	return errs
}

func main() {
	a := trap.File("a", "")
	trap.Begin()
	x := tidy(trap.Path("n1"), trap.Path("n2"), a)
	y := tidy(a, a, trap.Path("n3"))
	trap.End()
	fmt.Println(trap.Errs(x...), "/", trap.Errs(y...))
	trap.Tree()
}
