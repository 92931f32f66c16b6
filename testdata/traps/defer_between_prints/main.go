// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: a deferred closure changes what the caller sees of err
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func act(p string) (err error) {
	defer func() {
		if e := unix.Chmod(trap.Dir, 0o755); err == nil {
			err = e
		}
	}()
	if err = unix.Mkdir(p, 0o700); err != nil {
		return
	}
	defer func(was error) { fmt.Println("was", trap.Err(was), "is", trap.Err(err)) }(err)
	if err = unix.Rmdir(p); err != nil {
		return
	}
	err = unix.Rmdir(p)
	return
}

func main() {
	trap.Begin()
	e1, e2 := act(trap.Path("d")), act(trap.Path("n/d"))
	trap.End()
	fmt.Println(trap.Errs(e1, e2))
}
