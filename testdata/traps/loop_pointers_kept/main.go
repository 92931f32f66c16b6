// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: addresses of the iterations' destinations are kept
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	names := []string{trap.File("a", "1"), trap.Path("x"), trap.File("b", "22"), trap.File("c", "333")}
	var kept []*unix.Stat_t
	byName := map[string]*unix.Stat_t{}
	trap.Begin()
	for _, n := range names {
		var st unix.Stat_t
		if err := unix.Lstat(n, &st); err != nil {
			st.Size = -1
		}
		kept = append(kept, &st)
		byName[n] = &st
	}
	trap.End()
	kept[0].Size = 100
	for i, n := range names {
		fmt.Println(kept[i].Size, byName[n] == kept[i])
	}
}
