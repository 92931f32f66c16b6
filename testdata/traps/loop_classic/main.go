// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: three-part loops whose variable, bound or step changes in the body
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	fd := trap.Fd("a", "")
	names := []string{trap.File("b", ""), trap.File("c", "")}
	trap.Begin()
	for i, j := 0, 20; i < j; i, j = i+1, j-2 {
		unix.Ftruncate(fd, int64(i*100+j))
	}
	for i := 0; i < 20; i++ {
		unix.Ftruncate(fd, int64(i))
		if i%5 == 1 {
			i += 2
		}
	}
	for i := 0; i < len(names); i++ {
		if err := unix.Chmod(names[i], 0o600); err == nil && len(names) < 9 {
			names = append(names, names[i%2]+"x"[:i%2])
		}
	}
	i := 3
	for ; i > 0; i-- {
		unix.Fchmod(fd, uint32(i))
	}
	for i < 3 {
		i++
		unix.Fchmod(fd, uint32(i)|0o600)
	}
	trap.End()
	fmt.Println(i, len(names))
	trap.Tree()
}
