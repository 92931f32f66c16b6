// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: the functions are called through variables, parameters and tables
package main

import (
	"fmt"
	"os"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func each(f func(string) error, names ...string) (errs []error) {
	for _, n := range names {
		errs = append(errs, f(n))
	}
	return
}

func main() {
	a, b := trap.File("a", ""), trap.File("b", "")
	trap.Must(os.Mkdir(trap.Path("d"), 0o755))
	remove := unix.Unlink
	table := map[bool]func(string) error{true: unix.Rmdir, false: unix.Unlink}
	trap.Begin()
	e1 := remove(a)
	remove = unix.Rmdir
	e2 := remove(b)
	e3 := table[true](trap.Path("d"))
	e4 := table[false](trap.Path("d"))
	more := each(unix.Unlink, b, b)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4), trap.Errs(more...))
	trap.Tree()
}
