// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: results and descriptors are appended; the last error survives the loop
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	var names []string
	for i := range 19 {
		if i%6 == 4 {
			names = append(names, trap.Path("none"))
			continue
		}
		names = append(names, trap.File(fmt.Sprint(i), ""))
	}
	var fds []int
	var err error
	trap.Begin()
	for _, n := range names {
		var fd int
		fd, err = unix.Open(n, unix.O_RDONLY, 0)
		if err != nil {
			fds = append(fds, -len(fds))
			continue
		}
		fds = append(fds, fd)
	}
	last := err
	for _, fd := range fds {
		err = unix.Close(fd)
	}
	trap.End()
	fmt.Println(len(fds), fds[4], trap.Errs(last, err))
}
