// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: sync.Once runs its function between two calls, only the first time
package main

import (
	"fmt"
	"os"
	"sync"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

var once sync.Once

func step(p string) (error, error) {
	e1 := unix.Access(p, unix.R_OK)
	once.Do(func() { trap.Must(os.Rename(p, p+"-moved")) })
	e2 := unix.Access(p, unix.R_OK)
	return e1, e2
}

func main() {
	a, b := trap.File("a", ""), trap.File("b", "")
	trap.Begin()
	e1, e2 := step(a)
	e3, e4 := step(b)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4))
	trap.Tree()
}
