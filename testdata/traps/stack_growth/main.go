// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: fresh goroutines whose small stacks grow around groups with local destinations
package main

import (
	"fmt"
	"os"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

//go:noinline
func dig(depth int, a, l string, lane string) (sum int64, err error) {
	var pad [56]byte
	pad[depth%56] = 1
	var st, dst unix.Stat_t
	var buf [24]byte
	if err := unix.Lstat(a, &st); err != nil {
		return -1, err
	}
	n, err := unix.Readlink(l, buf[:])
	if err != nil {
		return -2, err
	}
	if err := unix.Stat(trap.Dir, &dst); err != nil {
		return -3, err
	}
	sum = st.Size*1000 + int64(n)*100 + int64(buf[n-1]) + int64(pad[depth%56])
	if dst.Mode&unix.S_IFMT != unix.S_IFDIR || depth == 0 {
		return sum, nil
	}
	deeper, err := dig(depth-1, a, l, lane)
	return sum + deeper, err
}

func main() {
	a, l := trap.File("a", "123"), trap.Path("l")
	trap.Must(os.Symlink("tgt", l))
	trap.Begin()
	trap.End()
	for _, depth := range []int{0, 1, 2, 3, 5, 8, 13, 40} {
		out := make(chan string)
		go func() {
			name := fmt.Sprint("depth", depth)
			trap.Lane(name)
			n, err := dig(depth, a, l, name)
			trap.EndLane(name)
			out <- fmt.Sprintln(depth, n, trap.Err(err))
		}()
		fmt.Print(<-out)
	}
}
