// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: open, fstat, read and close for each name
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func heads(names []string) (out []string) {
	for _, n := range names {
		fd, err := unix.Open(n, unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			out = append(out, "?")
			continue
		}
		var st unix.Stat_t
		if err := unix.Fstat(fd, &st); err != nil {
			unix.Close(fd)
			return
		}
		var head [3]byte
		k, err := unix.Read(fd, head[:])
		unix.Close(fd)
		if err != nil {
			out = append(out, fmt.Sprint("!", st.Size, k, err))
			continue
		}
		out = append(out, fmt.Sprint(st.Size, string(head[:k])))
	}
	return
}

func main() {
	var names []string
	for i := range 17 {
		names = append(names, trap.File(fmt.Sprint(i), "abcdefghijklmnopqrstuvwxyz"[:i]))
	}
	names[5], names[11] = trap.Dir, trap.Path("none")
	trap.Begin()
	fmt.Println(heads(names))
	trap.End()
}
