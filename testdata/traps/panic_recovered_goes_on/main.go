// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: a recovered panic leaves results half set, deferred calls see them
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

type state struct {
	fd   int
	st   unix.Stat_t
	err  error
	step int
}

func (s *state) run(names []string) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("recovered:", r, s.step, s.st.Size, trap.Err(s.err))
		}
	}()
	s.err = unix.Lstat(names[0], &s.st)
	s.step = 1
	s.err = unix.Lstat(names[s.step], &s.st)
	s.step = 2
	s.err = unix.Access(names[s.step], unix.R_OK)
	s.step = 3
	return true
}

func main() {
	a, b := trap.File("a", "1"), trap.File("b", "22")
	trap.Begin()
	for n := range 4 {
		var s state
		fmt.Println(s.run([]string{a, b, trap.Path("x")}[:n]), s.step, s.st.Size, trap.Err(s.err))
	}
	trap.End()
}
