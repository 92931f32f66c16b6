// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: ranging over an array copies it, over a pointer to it or a slice does not
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	fd := trap.Fd("a", "")
	arr := [4]int64{1, 2, 3, 4}
	trap.Begin()
	for i, v := range arr {
		arr[3] = 40
		unix.Ftruncate(fd, v)
		arr[(i+1)%4] *= 2
	}
	for i, v := range &arr {
		unix.Ftruncate(fd, v)
		arr[(i+1)%4] += 100
	}
	for i, v := range arr[:] {
		unix.Ftruncate(fd, v)
		arr[(i+1)%4] -= 50
	}
	for i := range arr {
		unix.Ftruncate(fd, arr[i])
	}
	trap.End()
	fmt.Println(arr)
}
