// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: the handler of a failure changes the path that the next call uses
package main

import (
	"fmt"
	"strings"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func open(path string) (int64, string, error) {
	var st unix.Stat_t
	if err := unix.Lstat(path, &st); err != nil {
		path += ".bak"
	}
	if err := unix.Lstat(path, &st); err != nil {
		path = strings.TrimSuffix(path, ".bak") + ".old"
	}
	err := unix.Lstat(path, &st)
	return st.Size, path[len(trap.Dir):], err
}

func main() {
	trap.File("a", "1")
	trap.File("b.bak", "22")
	trap.File("c.old", "333")
	trap.Begin()
	for _, n := range []string{"a", "b", "c", "d"} {
		size, path, err := open(trap.Path(n))
		fmt.Println(size, path, trap.Err(err))
	}
	trap.End()
}
