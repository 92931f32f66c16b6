// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: a call that is made only under a condition known beforehand
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func act(p string, sync bool, fd int, m uint32) (err error) {
	if err = unix.Chmod(p, 0o600|m); err != nil {
		return err
	}
	if sync {
		if err = unix.Fsync(fd); err != nil {
			return err
		}
	}
	if m != 0 {
		err = unix.Ftruncate(fd, int64(m))
	} else {
		err = unix.Ftruncate(fd, 9)
	}
	if err != nil {
		return err
	}
	return unix.Fchmod(fd, 0o640|m)
}

func main() {
	fd, b := trap.Fd("a", "0123456789"), trap.File("b", "")
	trap.Begin()
	for i := range 4 {
		fmt.Println(act(b, i&1 == 0, fd, uint32(i&2)))
	}
	fmt.Println(act(b, true, -1, 1), act(b, false, -1, 1))
	trap.End()
	trap.Tree()
}
