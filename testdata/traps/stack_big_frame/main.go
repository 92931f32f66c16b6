// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: destinations in a frame of a megabyte
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

//go:noinline
func big(a string) (int64, byte) {
	var block [1 << 20]byte
	var st [50]unix.Stat_t
	if unix.Lstat(a, &st[49]) != nil {
		return -1, 0
	}
	fd, err := unix.Open(a, unix.O_RDONLY, 0)
	if err != nil {
		return -2, 0
	}
	n1, err := unix.Pread(fd, block[1<<19:1<<19+4], 2)
	if err != nil {
		return -3, 0
	}
	n2, err := unix.Pread(fd, block[1<<20-3:], 0)
	if err != nil || unix.Close(fd) != nil {
		return -4, 0
	}
	return st[49].Size + int64(n1*10+n2*100), block[1<<19] + block[1<<20-1]
}

func main() {
	a := trap.File("a", "0123456789")
	trap.Begin()
	n, b := big(a)
	m, c := big(a + "x")
	trap.End()
	fmt.Println(n, b, m, c)
}
