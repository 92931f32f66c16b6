// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: each iteration fills its part of a buffer; the last part is too short
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func fill(fd int, buf []byte, size int) (n int) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("panic after", n, r)
		}
	}()
	for i := 0; i*size < len(buf); i++ {
		k, err := unix.Pread(fd, buf[i*size:(i+1)*size], int64(i))
		if err != nil {
			return -1
		}
		n += k
	}
	return n
}

func main() {
	fd := trap.Fd("a", "0123456789abcdefghijklmnopqrstuvwxyz")
	trap.Begin()
	for _, l := range []int{0, 4, 40, 42} {
		buf := make([]byte, l, l)
		fmt.Println(l, fill(fd, buf, 4), string(buf))
	}
	fmt.Println(fill(-1, make([]byte, 8), 4))
	trap.End()
}
