// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: goroutines started between two calls have ended before the second
package main

import (
	"fmt"
	"sync"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "0")
	var wg sync.WaitGroup
	var st unix.Stat_t
	trap.Begin()
	e1 := unix.Truncate(a, 3)
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			trap.File(fmt.Sprint("f", i), "x")
		}()
	}
	wg.Wait()
	e2 := unix.Stat(trap.Path("f2"), &st)
	e3 := unix.Rename(trap.Path("f1"), a)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3), st.Size)
	trap.Tree()
}
