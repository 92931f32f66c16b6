// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: a file must stay open until the calls on its descriptor are done
package main

import (
	"fmt"
	"os"
	"runtime"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

//go:noinline
func use(path string) (a, b unix.Stat_t, err error) {
	f, err := os.Open(path)
	if err != nil {
		return a, b, err
	}
	fd := int(f.Fd())
	if err := unix.Fstat(fd, &a); err != nil {
		return a, b, err
	}
	if err := unix.Fstat(fd, &b); err != nil {
		return a, b, err
	}
	runtime.KeepAlive(f)
	return a, b, f.Close()
}

func main() {
	p := trap.File("a", "123")
	sum := int64(0)
	trap.Begin()
	for range 20 {
		a, b, err := use(p)
		trap.Must(err)
		sum += a.Size + b.Size
	}
	trap.End()
	fmt.Println(sum)
}
