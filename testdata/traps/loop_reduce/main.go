// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: sizes are added up, the destination is declared within the loop
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func total(names []string) (sum int64, bad int) {
	for _, n := range names {
		var st unix.Stat_t
		if err := unix.Lstat(n, &st); err != nil {
			bad++
		}
		sum = sum*3 + st.Size
	}
	return
}

func main() {
	var names []string
	for i := range 18 {
		names = append(names, trap.File(fmt.Sprint(i), "123456789012345678"[:i]))
	}
	names[7], names[16] = trap.Path("none"), "nul\x00"
	trap.Begin()
	fmt.Println(total(names))
	fmt.Println(total(names[:1]))
	fmt.Println(total(nil))
	trap.End()
}
