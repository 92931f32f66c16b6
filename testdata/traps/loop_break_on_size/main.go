// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: a size that a call returned ends the loop
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	var names []string
	for i := range 20 {
		names = append(names, trap.File(fmt.Sprint(i), "12345678901234567890"[:(i+7)%20]))
	}
	trap.Begin()
	n := 0
	for _, name := range names {
		var st unix.Stat_t
		if unix.Lstat(name, &st) != nil {
			break
		}
		if st.Size == 0 {
			break
		}
		if unix.Chmod(name, 0o600) == nil {
			n++
		}
	}
	trap.End()
	fmt.Println(n)
	trap.Tree()
}
