// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: groups in the clauses of switch, type switch and select
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func act(v any, p, q string) string {
	c := make(chan int, 1)
	switch v := v.(type) {
	case int:
		switch {
		case v > 5:
			e1 := unix.Chmod(p, uint32(0o600+v))
			e2 := unix.Chmod(q, uint32(0o610+v))
			return trap.Errs(e1, e2)
		case v == 3:
			_ = unix.Chmod(p, 0o700)
			_ = unix.Chmod(q, 0o711)
			fallthrough
		default:
			e1 := unix.Access(p, unix.X_OK)
			e2 := unix.Access(q, unix.X_OK)
			return trap.Errs(e1, e2)
		}
	case string:
		c <- 1
		select {
		case <-c:
			e1 := unix.Symlink(v, p+"l")
			e2 := unix.Symlink(v, q+"l")
			return trap.Errs(e1, e2)
		}
	}
	return "nothing"
}

func main() {
	a, b := trap.File("a", ""), trap.File("b", "")
	trap.Begin()
	for _, v := range []any{7, 3, 1, "x", "x", 2.5} {
		fmt.Println(v, act(v, a, b))
	}
	trap.End()
	trap.Tree()
}
