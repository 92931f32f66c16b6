// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: an uncaught nil dereference between two calls
package main

import (
	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

type cfg struct{ mode [1000]uint32 }

func set(p string, c *cfg) {
	_ = unix.Chmod(p, 0o600)
	_ = unix.Chmod(p, c.mode[len(p)%7])
	_ = unix.Chmod(p, 0o777)
}

func main() {
	a := trap.File("a", "")
	var none *cfg
	trap.Begin()
	set(a, &cfg{})
	set(a, none)
	trap.End()
}
