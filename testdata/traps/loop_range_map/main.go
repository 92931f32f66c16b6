// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: entries deleted while ranging over a map are never visited
package main

import (
	"fmt"
	"os"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	trap.Must(os.Mkdir(trap.Path("d"), 0o755))
	m := map[int]string{}
	for i := range 40 {
		m[i] = trap.Path("d")
	}
	n := 0
	trap.Begin()
	for k, p := range m {
		if err := unix.Chmod(p, 0o711); err != nil {
			break
		}
		n++
		for o := range m {
			if o != k {
				delete(m, o)
			}
		}
	}
	trap.End()
	fmt.Println(n, len(m))
}
