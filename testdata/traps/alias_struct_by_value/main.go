// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: destinations inside big values that are passed and copied
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

type record struct {
	st   unix.Stat_t
	pad  [300]int64
	name string
}

func fill(r record, dir string) (record, error) {
	if err := unix.Lstat(dir+"/"+r.name, &r.st); err != nil {
		return r, err
	}
	keep := r
	if err := unix.Lstat(dir, &r.st); err != nil {
		return keep, err
	}
	keep.pad[7] = int64(r.st.Mode & unix.S_IFMT)
	return keep, nil
}

func main() {
	trap.File("a", "12345")
	in := record{name: "a"}
	trap.Begin()
	out, err := fill(in, trap.Dir)
	in.name = "b"
	bad, err2 := fill(in, trap.Dir)
	trap.End()
	fmt.Println(trap.Errs(err, err2), in.st.Size, out.st.Size, bad.st.Size, out.pad[7] == unix.S_IFDIR)
}
