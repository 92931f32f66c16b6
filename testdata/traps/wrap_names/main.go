// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// want: any
// why: Getcwd, Uname, Getdents and Statfs results are read by the program
package main

import (
	"fmt"
	"os"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	trap.File("only", "")
	fd, err := unix.Open(trap.Dir, unix.O_RDONLY|unix.O_DIRECTORY, 0)
	trap.Must(err)
	trap.Must(os.Chdir(trap.Dir))
	cwd := make([]byte, 300)
	var u unix.Utsname
	dents := make([]byte, 512)
	trap.Begin()
	n1, e1 := unix.Getcwd(cwd)
	e2 := unix.Uname(&u)
	n3, e3 := unix.ReadDirent(fd, dents)
	n4, e4 := unix.ReadDirent(fd, dents[:0])
	n5, e5 := unix.ReadDirent(fd, dents)
	n6, e6 := unix.Getcwd(cwd[:1])
	trap.End()
	_, count, names := unix.ParseDirent(dents[:n3], -1, nil)
	fmt.Println(n1 == len(trap.Dir)+1, string(cwd[:n1-1]) == trap.Dir, u.Sysname[0] == 'L', count, names, n4, n5, n6, trap.Errs(e1, e2, e3, e4, e5, e6))
}
