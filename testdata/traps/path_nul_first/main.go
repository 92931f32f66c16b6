// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: a NUL byte in the first path: EINVAL without a call, and nothing after it
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func both(p, q string) (int, error) {
	if err := unix.Chmod(p, 0o600); err != nil {
		return 1, err
	}
	if err := unix.Chmod(q, 0o601); err != nil {
		return 2, err
	}
	return 0, nil
}

func main() {
	a, b := trap.File("a", ""), trap.File("b", "")
	trap.Begin()
	fmt.Println(both(a+"\x00", b))
	fmt.Println(both("\x00", b))
	fmt.Println(both(a, b+"\x00tail"))
	fmt.Println(both(b, a))
	trap.End()
	trap.Tree()
}
