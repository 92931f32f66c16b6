// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: as much is written as was read
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func copyOnce(src, dst int, buf []byte) (int, error) {
	n, err := unix.Read(src, buf)
	if err != nil {
		return n, err
	}
	return unix.Write(dst, buf[:n])
}

func main() {
	src, dst := trap.Fd("a", "0123456789"), trap.Fd("b", "")
	buf := make([]byte, 7)
	trap.Begin()
	fmt.Println(copyOnce(src, dst, buf))
	fmt.Println(copyOnce(src, dst, buf))
	fmt.Println(copyOnce(src, dst, buf))
	fmt.Println(copyOnce(-1, dst, buf))
	trap.End()
	trap.Tree()
}
