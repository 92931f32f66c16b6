// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: a lock is handed over between the calls; the other side changes the path
package main

import (
	"fmt"
	"sync"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

type shared struct {
	sync.Mutex
	path string
}

func main() {
	s := &shared{path: trap.File("a", "")}
	trap.File("b", "")
	s.Lock()
	gate := make(chan bool)
	go func() {
		for range gate {
			s.Lock()
			s.path = trap.Path("b")
			s.Unlock()
			gate <- true
		}
	}()
	trap.Begin()
	e1 := unix.Chmod(s.path, 0o600)
	s.Unlock()
	gate <- true
	<-gate
	s.Lock()
	e2 := unix.Chmod(s.path, 0o601)
	s.Unlock()
	trap.End()
	fmt.Println(trap.Errs(e1, e2))
	trap.Tree()
}
