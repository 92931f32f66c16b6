// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: the usual loops that repeat a call after EINTR
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func retry(f func() error) error {
	for {
		if err := f(); err != unix.EINTR {
			return err
		}
	}
}

func pread(fd int, b []byte, at int64) (n int, err error) {
	for {
		if n, err = unix.Pread(fd, b, at); err != unix.EINTR {
			return
		}
	}
}

func main() {
	fd, b := trap.Fd("a", "0123456789"), make([]byte, 4)
	trap.Begin()
	n, e1 := pread(fd, b, 3)
	e2 := retry(func() error { return unix.Fsync(fd) })
	e3 := retry(func() error { return unix.Ftruncate(fd, 5) })
	m, e4 := pread(fd, b, 3)
	trap.End()
	fmt.Println(n, m, trap.Errs(e1, e2, e3, e4), string(b))
}
