// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: work found on the way is put into the queue that the loop empties
package main

import (
	"fmt"
	"os"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	trap.Must(os.MkdirAll(trap.Path("a/b/c"), 0o755))
	trap.Must(os.MkdirAll(trap.Path("a/d"), 0o755))
	queue := []string{trap.Path("a")}
	seen := 0
	trap.Begin()
	for len(queue) > 0 {
		p := queue[0]
		queue = queue[1:]
		if err := unix.Chmod(p, 0o700); err != nil {
			continue
		}
		seen++
		if seen < 30 {
			queue = append(queue, p+"/b", p+"/c", p+"/d")
		}
	}
	trap.End()
	fmt.Println(seen)
	trap.Tree()
}
