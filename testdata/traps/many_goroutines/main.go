// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: many goroutines run groups at the same time, each in its own thread
package main

import (
	"fmt"
	"strings"
	"sync"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	var wg sync.WaitGroup
	res := make([]string, 6)
	trap.Begin()
	trap.End()
	for i := range res {
		name := fmt.Sprint("g", i)
		path := trap.File(name, strings.Repeat("x", i))
		wg.Add(1)
		go func() {
			defer wg.Done()
			trap.Lane(name)
			var st unix.Stat_t
			e1 := unix.Chmod(path, 0o600+uint32(i))
			e2 := unix.Lstat(path, &st)
			e3 := unix.Unlink(path)
			e4 := unix.Unlink(path)
			trap.EndLane(name)
			res[i] = fmt.Sprint(st.Size, st.Mode&0o777, trap.Errs(e1, e2, e3, e4))
		}()
	}
	wg.Wait()
	fmt.Println(strings.Join(res, "\n"))
	trap.Tree()
}
