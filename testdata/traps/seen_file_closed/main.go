// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: an os.File's descriptor is used, then the file is closed, then its number is used again
package main

import (
	"fmt"
	"os"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	f, err := os.OpenFile(trap.File("a", "0123456789"), os.O_RDWR, 0)
	trap.Must(err)
	fd := int(f.Fd())
	trap.Begin()
	e1 := unix.Ftruncate(int(f.Fd()), 7)
	e2 := unix.Fchmod(int(f.Fd()), 0o600)
	e3 := f.Close()
	e4 := unix.Fchmod(fd, 0o601)
	e5 := unix.Fchmod(int(f.Fd()), 0o602)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4, e5))
	trap.Tree()
}
