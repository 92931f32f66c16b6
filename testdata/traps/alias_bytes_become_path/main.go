// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: what one call wrote into a buffer is the path of the next
package main

import (
	"fmt"
	"os"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	a := trap.File("a", "12345")
	trap.Must(os.Symlink(a, trap.Path("l")))
	buf := make([]byte, 4096)
	copy(buf, trap.Path("wrong"))
	var st unix.Stat_t
	trap.Begin()
	n, err := unix.Readlink(trap.Path("l"), buf)
	if err != nil {
		panic(err)
	}
	e1 := unix.Stat(string(buf[:n]), &st)
	e2 := unix.Chmod(string(buf[:n:n]), 0o600)
	trap.End()
	fmt.Println(trap.Errs(e1, e2), st.Size)
	trap.Tree()
}
