// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: the first success ends the search, and nothing after it is tried
package main

import (
	"fmt"
	"os"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func find(dirs []string, name string) (string, int64) {
	var st unix.Stat_t
	for _, d := range dirs {
		if err := unix.Stat(d+"/"+name, &st); err == nil {
			return d[len(trap.Dir):], st.Size
		}
	}
	return "nowhere", st.Size
}

func main() {
	var dirs []string
	for i := range 20 {
		d := trap.Path(fmt.Sprint(i))
		trap.Must(os.Mkdir(d, 0o755))
		dirs = append(dirs, d)
	}
	for i, n := range []int{0, 3, 15, 16, 19} {
		trap.Must(os.WriteFile(dirs[n]+"/"+string(rune('a'+i)), make([]byte, n), 0o644))
	}
	trap.Begin()
	for _, n := range "abcdef" {
		fmt.Println(find(dirs, string(n)))
	}
	trap.End()
}
