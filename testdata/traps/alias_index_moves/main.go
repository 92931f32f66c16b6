// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: destinations and arguments sit in arrays at an index that changes between
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	names := []string{trap.File("a", "1"), trap.File("b", "22"), trap.File("c", "333")}
	var sts [4]unix.Stat_t
	var errs [4]error
	i := 0
	trap.Begin()
	errs[i] = unix.Lstat(names[i], &sts[i])
	i++
	errs[i] = unix.Lstat(names[i], &sts[i])
	i += 1
	errs[i] = unix.Lstat(names[i], &sts[i])
	i = i*2 - 1
	errs[i] = unix.Lstat(names[i-3], &sts[i])
	trap.End()
	fmt.Println(trap.Errs(errs[:]...), sts[0].Size, sts[1].Size, sts[2].Size, sts[3].Size)
}
