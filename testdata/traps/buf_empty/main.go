// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: nil slices, empty slices, and slices that end where an array ends
package main

import (
	"fmt"
	"os"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	fd := trap.Fd("a", "0123456789")
	trap.Must(os.Symlink("to", trap.Path("l")))
	var none []byte
	var arr [4]byte
	trap.Begin()
	n1, e1 := unix.Read(fd, nil)
	n2, e2 := unix.Read(fd, []byte{})
	n3, e3 := unix.Pread(fd, none, 3)
	n4, e4 := unix.Pwrite(fd, nil, 0)
	n5, e5 := unix.Write(fd, arr[4:])
	n6, e6 := unix.Readlink(trap.Path("l"), none)
	n7, e7 := unix.Read(fd, arr[:])
	trap.End()
	fmt.Println(n1, n2, n3, n4, n5, n6, n7, trap.Errs(e1, e2, e3, e4, e5, e6, e7), string(arr[:]))
}
