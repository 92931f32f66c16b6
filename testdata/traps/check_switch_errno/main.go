// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: a switch on the errno between the calls
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func ensure(dir, file string) (string, error) {
	made := "new"
	switch err := unix.Mkdir(dir, 0o755); err {
	case nil:
	case unix.EEXIST:
		made = "old"
	case unix.ENOENT, unix.ENOTDIR:
		return "nowhere", err
	default:
		return "odd", err
	}
	switch err := unix.Symlink("x", file); {
	case err == unix.EEXIST:
		made += " kept"
	case err != nil:
		return made, err
	}
	return made, nil
}

func main() {
	f := trap.File("f", "")
	trap.Begin()
	for _, d := range []string{trap.Path("d"), trap.Path("d"), trap.Path("x/y"), f + "/z", "bad\x00name"} {
		m, err := ensure(d, trap.Path("l"))
		fmt.Println(m, trap.Err(err))
	}
	trap.End()
	trap.Tree()
}
