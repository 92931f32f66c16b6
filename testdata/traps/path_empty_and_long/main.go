// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: empty names, names longer than a component, than PATH_MAX, and far beyond
package main

import (
	"fmt"
	"strings"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "123")
	slashes := strings.Repeat("/", 4000) + a[1:]
	for _, p := range []string{"", strings.Repeat("n", 255), strings.Repeat("n", 256), strings.Repeat("d/", 2100), strings.Repeat("x", 20000), slashes} {
		var s1, s2 unix.Stat_t
		trap.Begin()
		e1 := unix.Lstat(a, &s1)
		e2 := unix.Lstat(p, &s2)
		e3 := unix.Access(p, unix.R_OK)
		e4 := unix.Access(a, unix.R_OK)
		trap.End()
		fmt.Println(len(p) > 300, trap.Errs(e1, e2, e3, e4), s1.Size, s2.Size)
	}
}
