// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: loops in loops, with inner bounds from the outer
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	var made, failed []string
	trap.Begin()
	for i := range 4 {
		d := trap.Path(string(rune('a' + i)))
		if err := unix.Mkdir(d, 0o755); err != nil {
			continue
		}
		for j := range i * 2 {
			p := d + "/" + string(rune('0'+j%5))
			if err := unix.Mkdir(p, 0o700); err != nil {
				failed = append(failed, p[len(trap.Dir):])
				continue
			}
			made = append(made, p[len(trap.Dir):])
			for k := j; k < 2; k++ {
				unix.Symlink(string(rune('x'+k)), p+"/l"+string(rune('0'+k)))
			}
		}
	}
	trap.End()
	fmt.Println(made, failed)
	trap.Tree()
}
