// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: an iterator function prints before and after every name
package main

import (
	"fmt"
	"iter"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func names(n int) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		defer fmt.Println("iterator done")
		for i := range n {
			fmt.Println("before", i)
			if !yield(i, trap.Path(fmt.Sprint("d", i))) {
				fmt.Println("stopped at", i)
				return
			}
		}
	}
}

func main() {
	trap.Begin()
	for i, p := range names(4) {
		if err := unix.Mkdir(p, 0o700); err != nil {
			fmt.Println(trap.Err(err))
		}
		if i == 1 {
			continue
		}
		if err := unix.Chmod(p, 0o711); err != nil {
			break
		}
	}
	for _, p := range names(4) {
		if err := unix.Rmdir(p + "x"); err != nil {
			break
		}
	}
	trap.End()
	trap.Tree()
}
