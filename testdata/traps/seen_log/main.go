// SPDX-License-Identifier: BSD-3-Clause

// want: keep
// why: the log is written to between the calls, through a logger of the program
package main

import (
	"fmt"
	"log"
	"os"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	out := trap.Fd("log", "")
	l := log.New(os.NewFile(uintptr(out), "log"), "> ", 0)
	a := trap.File("a", "123")
	var st unix.Stat_t
	trap.Begin()
	l.Print("chmod ", unix.Chmod(a, 0o600))
	e1 := unix.Fstat(out, &st)
	l.Printf("log has %d bytes", st.Size)
	e2 := unix.Fstat(out, &st)
	trap.End()
	fmt.Println(trap.Errs(e1, e2), st.Size)
	trap.Tree()
}
