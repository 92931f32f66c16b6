// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: the body changes names that later iterations will use
package main

import (
	"fmt"
	"strings"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	names := make([]string, 20)
	for i := range names {
		names[i] = trap.File(fmt.Sprint("f", i), "")
	}
	list := names
	trap.Begin()
	for i, n := range names {
		if err := unix.Chmod(n, 0o600); err != nil {
			list[(i+1)%20] = trap.Path("f0")
			continue
		}
		if i+3 < len(list) {
			list[i+3] = list[i+3] + "x"
		}
		names = names[:1]
	}
	trap.End()
	fmt.Println(len(names), strings.ReplaceAll(strings.Join(list, " "), trap.Dir, ""))
	trap.Tree()
}
