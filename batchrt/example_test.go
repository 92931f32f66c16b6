// SPDX-License-Identifier: BSD-3-Clause

//go:build unix

package batchrt_test

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"github.com/autobatch/autobatch/batchrt"
)

// Two independent calls: the second is made only if the first succeeded.
func Example() {
	f, err := os.CreateTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.Remove(f.Name())
	defer f.Close()

	var byName, byFD unix.Stat_t
	var a batchrt.Arena
	ops := []batchrt.Op{
		a.Lstat(f.Name(), &byName),
		batchrt.Fstat(int(f.Fd()), &byFD),
	}
	batchrt.Run(ops)
	if err := ops[0].Err(); err != nil {
		fmt.Println("lstat:", err)
		return
	}
	if err := ops[1].Err(); err != nil {
		fmt.Println("fstat:", err)
		return
	}
	fmt.Println("same file:", byName.Ino == byFD.Ino)
	// Output: same file: true
}

// A chain: the descriptor that the first entry opens is the others' argument 0.
func ExampleOp_FD() {
	const (
		open = iota
		stat
		closing
	)
	var st unix.Stat_t
	var a batchrt.Arena
	ops := []batchrt.Op{
		open:    a.Open("/", unix.O_RDONLY|unix.O_CLOEXEC, 0),
		stat:    batchrt.Fstat(-1, &st).FD(open),
		closing: batchrt.Close(-1).FD(open),
	}
	batchrt.Run(ops)
	_, err := ops[open].Int()
	fmt.Println(err, ops[stat].Err(), ops[closing].Err(), st.Mode&unix.S_IFMT == unix.S_IFDIR)
	// Output: <nil> <nil> <nil> true
}
