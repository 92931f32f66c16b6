// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: comments at every place must survive where they are
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

/* KEEP: before the function */

// sizes has a comment of its own.
//
// KEEP: doc
func sizes(p, q string) (sum int64, err error) {
	var s, t unix.Stat_t // KEEP: after the declaration

	// KEEP: above the first call
	if err := unix.Lstat(p, &s); err != nil { // KEEP: behind the brace
		// KEEP: in the handler
		return 1, err // KEEP: behind the return
		// KEEP: last in the handler
	}

	/* KEEP: between */ // KEEP: and another

	//nolint:errcheck // KEEP: directive
	err = unix.Chmod(p, 0o600) // KEEP: behind an assignment
	if err != nil {
		return 2, err
	}
	// KEEP: above the second call
	if err := unix.Lstat(
		q,  // KEEP: argument one
		&t, /* KEEP: argument two */
	); err != nil {
		return 3, err
	} /* KEEP: after the block */
	// KEEP: after the group
	return s.Size + t.Size, nil
	// KEEP: at the end
}

func main() {
	a, b := trap.File("a", "1"), trap.File("b", "22")
	trap.Begin()
	n1, e1 := sizes(a, b) // KEEP: one
	n2, e2 := sizes(b, trap.Path("x"))
	trap.End()
	// KEEP: before printing
	fmt.Println(n1, n2, trap.Errs(e1, e2))
}

// KEEP: end of file
