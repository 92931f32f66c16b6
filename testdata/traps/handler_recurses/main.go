// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: a handler calls the function itself with other arguments
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func touch(p, fallback string, depth int) (string, error) {
	var st unix.Stat_t
	if err := unix.Lstat(p, &st); err != nil {
		if depth == 0 {
			return "", err
		}
		return touch(fallback, p+"x", depth-1)
	}
	if err := unix.Chmod(p, 0o600+uint32(depth)); err != nil {
		return p, err
	}
	return fmt.Sprint(st.Mode&0o777, depth), nil
}

func main() {
	a := trap.File("a", "")
	trap.Begin()
	s1, e1 := touch(a, "", 2)
	s2, e2 := touch(trap.Path("n"), a, 3)
	s3, e3 := touch(trap.Path("n"), trap.Path("m"), 4)
	trap.End()
	fmt.Println(s1, s2, s3, trap.Errs(e1, e2, e3))
	trap.Tree()
}
