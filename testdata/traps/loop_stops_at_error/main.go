// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: the first failure leaves the loop, at places around the strip length
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func all(names []string) (int, error) {
	for i, n := range names {
		if err := unix.Chmod(n, 0o640); err != nil {
			return i, fmt.Errorf("%d: %w", i, err)
		}
	}
	return len(names), nil
}

func main() {
	const total = 40
	names := make([]string, total)
	for i := range names {
		names[i] = trap.File(fmt.Sprint("f", i), "")
	}
	trap.Begin()
	for _, bad := range []int{0, 1, 14, 15, 16, 17, 31, 32, 33, 39, 40} {
		list := append([]string(nil), names...)
		if bad < total {
			list[bad] = trap.Path("none")
		}
		n, err := all(list)
		fmt.Println(bad, n, trap.Err(err))
	}
	trap.End()
}
