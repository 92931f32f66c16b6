// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: parameters, results, labels and locals are called ops, a, ok, st, err0
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func act(a, ops string) (op string, ok bool) {
	i, n, r0, res := 1, 2, 3, 4
ran:
	for i < 3 {
		err0 := unix.Chmod(a, 0o600)
		err1 := unix.Chmod(ops, 0o601)
		if err0 != nil || err1 != nil {
			op += trap.Errs(err0, err1)
			break ran
		}
		i++
	}
	{
		batchrt := unix.Access(a, unix.R_OK)
		arena := unix.Access(ops, unix.R_OK)
		ok = batchrt == nil && arena == nil
	}
	return op + fmt.Sprint(i, n, r0, res), ok
}

func main() {
	x, y := trap.File("a", ""), trap.File("b", "")
	trap.Begin()
	fmt.Println(act(x, y))
	fmt.Println(act(x, x+"none"))
	trap.End()
	trap.Tree()
}
