// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: nil functions and methods of nil interfaces in arguments
package main

import (
	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

type namer interface{ name() string }

type fixed string

func (f fixed) name() string { return string(f) }

func make3(f func() uint32, n namer) {
	_ = unix.Mkdir(trap.Path("first"), 0o755)
	_ = unix.Mkdir(trap.Path("second"), f())
	_ = unix.Mkdir(n.name(), 0o711)
}

func main() {
	mode := func() uint32 { return 0o700 }
	trap.Begin()
	trap.Try("function", func() { make3(nil, nil) })
	trap.Try("interface", func() { make3(mode, nil) })
	trap.Try("fine", func() { make3(mode, fixed(trap.Path("third"))) })
	trap.End()
	trap.Tree()
}
