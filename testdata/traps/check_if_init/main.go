// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: four checks in if-init style; each may be the one that leaves
package main

import (
	"fmt"
	"os"
	"strconv"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

// look is asked about folders in which each of the four names may be missing.
func look(dir string) (int64, error) {
	var a, b, c, d unix.Stat_t
	if err := unix.Lstat(dir+"/a", &a); err != nil {
		return 1, err
	}
	if err := unix.Lstat(dir+"/b", &b); err != nil {
		return 2, err
	}
	if err := unix.Lstat(dir+"/c", &c); err != nil {
		return 3, err
	}
	if err := unix.Lstat(dir+"/d", &d); err != nil {
		return 4, err
	}
	return a.Size*1000 + b.Size*100 + c.Size*10 + d.Size, nil
}

func main() {
	for i, names := range []string{"abcd", "abc", "abd", "acd", "bcd", ""} {
		sub := trap.Path(strconv.Itoa(i))
		trap.Must(os.Mkdir(sub, 0o755))
		for _, n := range names {
			trap.Must(os.WriteFile(sub+"/"+string(n), []byte("123456789")[:n-'a'+1], 0o644))
		}
	}
	trap.Begin()
	for i := range 6 {
		n, err := look(trap.Path(strconv.Itoa(i)))
		fmt.Println(i, n, trap.Err(err))
	}
	trap.End()
}
