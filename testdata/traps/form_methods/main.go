// SPDX-License-Identifier: BSD-3-Clause

// want: batch
// why: groups in methods with pointer and value receivers, embedded fields and method values
package main

import (
	"fmt"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

type base struct{ fd int }

type doc struct {
	*base
	path string
	st   unix.Stat_t
}

func (b base) cut(n int64) (err error) {
	if err = unix.Ftruncate(b.fd, n); err != nil {
		return
	}
	if err = unix.Fsync(b.fd); err != nil {
		return
	}
	return
}

func (d *doc) load() error {
	if err := unix.Fstat(d.fd, &d.st); err != nil {
		return err
	}
	if err := unix.Chmod(d.path, 0o604); err != nil {
		return err
	}
	if err := unix.Fstat(d.fd, &d.st); err != nil {
		return err
	}
	return nil
}

func main() {
	d := &doc{base: &base{trap.Fd("a", "0123456789")}, path: trap.Path("a")}
	bad := &doc{base: &base{-1}}
	load, cut := d.load, (*doc).cut
	trap.Begin()
	e1 := cut(d, 7)
	e2 := load()
	e3 := bad.cut(1)
	e4 := bad.load()
	d.path = ""
	e5 := (*doc).load(d)
	trap.End()
	fmt.Println(trap.Errs(e1, e2, e3, e4, e5), d.st.Size, d.st.Mode&0o777)
	trap.Tree()
}
