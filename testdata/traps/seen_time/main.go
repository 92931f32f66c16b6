// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: the time is taken between two calls that wait
package main

import (
	"fmt"
	"time"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	none := []unix.PollFd{}
	trap.Begin()
	t0 := time.Now()
	n1, e1 := unix.Poll(none, 30)
	t1 := time.Now()
	n2, e2 := unix.Poll(none, 30)
	t2 := time.Now()
	trap.End()
	fmt.Println(n1, n2, trap.Errs(e1, e2), t1.Sub(t0) >= 25*time.Millisecond, t2.Sub(t1) >= 25*time.Millisecond)
}
