// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// want: keep
// why: stores into a shared mapping between reads of the same file
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	fd := trap.Fd("a", "0123456789")
	m, err := unix.Mmap(fd, 0, 10, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	trap.Must(err)
	var x, y, z [4]byte
	trap.Begin()
	n1, e1 := unix.Pread(fd, x[:], 0)
	m[1], m[2] = 'A', m[9]
	n2, e2 := unix.Pread(fd, y[:], 0)
	copy(m, "zzz")
	e3 := unix.Msync(m, unix.MS_SYNC)
	n4, e4 := unix.Pread(fd, z[:], 0)
	trap.End()
	fmt.Println(n1, n2, n4, trap.Errs(e1, e2, e3, e4), string(x[:]), string(y[:]), string(z[:]), string(m))
}
