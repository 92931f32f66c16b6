// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: a lock that another goroutine gives up only when it is asked to
// faults: none
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "")
	fd1, err := unix.Open(a, unix.O_RDWR, 0)
	trap.Must(err)
	fd2, err := unix.Open(a, unix.O_RDWR, 0)
	trap.Must(err)
	trap.Must(unix.Flock(fd2, unix.LOCK_EX))
	ask := make(chan bool)
	go func() {
		<-ask
		unix.Ftruncate(fd2, 5)
		unix.Flock(fd2, unix.LOCK_UN)
	}()
	var st unix.Stat_t
	trap.Begin()
	e1 := unix.Flock(fd1, unix.LOCK_EX|unix.LOCK_NB)
	ask <- true
	e2 := unix.Flock(fd1, unix.LOCK_EX)
	e3 := unix.Fstat(fd1, &st)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3), st.Size)
}
