// SPDX-License-Identifier: BSD-3-Clause

// Closefds closes the descriptors first to last, as a daemon does with what it
// may have inherited, and says how many of them were open. What lies just above
// the standard ones may be the Go runtime's own.
//
//	closefds first last
package main

import (
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	if len(args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: closefds first last")
		return 2
	}
	first, err := strconv.Atoi(args[0])
	last, err2 := strconv.Atoi(args[1])
	if err != nil || err2 != nil || first <= 2 {
		fmt.Fprintf(os.Stderr, "closefds: %s to %s: not two numbers above 2\n", args[0], args[1])
		return 2
	}
	fmt.Println("closed", closeAll(first, last))
	return 0
}

// closeAll closes a range of descriptors and returns how many were open.
func closeAll(first, last int) (closed int) {
	for fd := first; fd <= last; fd++ {
		if err := unix.Close(fd); err == nil {
			closed++
		}
	}
	return closed
}
