// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: each link names the next one
package main

import (
	"fmt"
	"os"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	for i := range 18 {
		trap.Must(os.Symlink(trap.Path(fmt.Sprint("l", i+1)), trap.Path(fmt.Sprint("l", i))))
	}
	path, hops := trap.Path("l0"), 0
	buf := make([]byte, 4096)
	trap.Begin()
	for ; hops < 40; hops++ {
		n, err := unix.Readlink(path, buf)
		if err != nil {
			fmt.Println(trap.Err(err))
			break
		}
		path = string(buf[:n])
	}
	trap.End()
	fmt.Println(hops, path[len(trap.Dir):])
}
