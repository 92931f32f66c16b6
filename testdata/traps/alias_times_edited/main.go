// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// want: keep
// why: one array of times serves two calls and is changed between them
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a, b := trap.File("a", ""), trap.File("b", "")
	ts := [2]unix.Timespec{{Sec: 1000, Nsec: 5}, {Sec: 2000, Nsec: 6}}
	all := ts[:]
	trap.Begin()
	e1 := unix.UtimesNanoAt(unix.AT_FDCWD, a, ts[:], 0)
	ts[1].Sec *= 2
	e2 := unix.UtimesNanoAt(unix.AT_FDCWD, b, all, unix.AT_SYMLINK_NOFOLLOW)
	all[1].Nsec = 999999999
	e3 := unix.UtimesNanoAt(unix.AT_FDCWD, trap.Dir, ts[:], 0)
	e4 := unix.UtimesNanoAt(unix.AT_FDCWD, a, all[:1], 0)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4))
	trap.Tree()
}
