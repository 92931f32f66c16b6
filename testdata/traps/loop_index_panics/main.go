// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: the two slices have different lengths
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func set(names []string, modes []uint32, errs []error) {
	for i := range names {
		errs[i] = unix.Chmod(names[i], modes[i])
	}
}

func main() {
	names := make([]string, 20)
	for i := range names {
		names[i] = trap.File(fmt.Sprintf("f%02d", i), "")
	}
	modes := make([]uint32, 18)
	trap.Begin()
	trap.Try("modes", func() { set(names, modes, make([]error, 20)) })
	trap.Try("errors", func() { set(names[:17], []uint32{17: 7}, make([]error, 16)) })
	trap.Try("fine", func() { set(names[18:], []uint32{1, 2}, make([]error, 2)) })
	trap.End()
	trap.Tree()
}
