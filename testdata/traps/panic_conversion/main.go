// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: slice to array and type assertion in arguments
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func use(fd int, b []byte, v any) {
	x := b[:2]
	n, err := unix.Pwrite(fd, x, 0)
	fmt.Println(n, trap.Err(err))
	arr := [4]byte(b)
	n, err = unix.Pwrite(fd, arr[2:], 2)
	_ = unix.Fchmod(fd, v.(uint32))
	fmt.Println(n, trap.Err(err))
}

func main() {
	fd := trap.Fd("a", "________")
	trap.Begin()
	trap.Try("fine", func() { use(fd, []byte("abcd"), uint32(0o600)) })
	trap.Try("type", func() { use(fd, []byte("efgh"), 0o601) })
	trap.Try("short", func() { use(fd, []byte("ijk"), uint32(0o602)) })
	trap.Try("nil", func() { use(fd, []byte("lmno"), nil) })
	trap.End()
	trap.Tree()
}
