// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: deferred closes gather in a loop and run at the end, backwards
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func sizes(names []string) (sum int64, err error) {
	for i, n := range names {
		fd, err := unix.Open(n, unix.O_RDONLY, 0)
		if err != nil {
			return sum, fmt.Errorf("%d: %w", i, err)
		}
		defer unix.Close(fd)
		end, err := unix.Seek(fd, 0, 2)
		if err != nil {
			return -1, err
		}
		sum += end
	}
	return sum, nil
}

func main() {
	a, b := trap.File("a", "1"), trap.File("b", "22")
	trap.Begin()
	fmt.Println(sizes([]string{a, b, b, a}))
	fmt.Println(sizes([]string{a, b, "", a}))
	trap.End()
}
