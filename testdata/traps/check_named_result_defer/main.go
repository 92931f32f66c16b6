// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: a deferred function wraps the named result, whichever call set it
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func work(dir string) (n int64, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("work after %d: %w", n, err)
		}
		n++
	}()
	var st unix.Stat_t
	if err = unix.Lstat(dir+"/a", &st); err != nil {
		return
	}
	n = 10
	if err = unix.Lstat(dir+"/b", &st); err != nil {
		return n + 5, err
	}
	n = st.Size
	if err = unix.Access(dir+"/c", unix.R_OK); err != nil {
		return
	}
	return n * 2, nil
}

func main() {
	trap.Begin()
	for _, f := range []string{"", "a", "b", "c"} {
		if f != "" {
			trap.File(f, "four")
		}
		n, err := work(trap.Dir)
		fmt.Println(n, trap.Err(err))
	}
	trap.End()
}
