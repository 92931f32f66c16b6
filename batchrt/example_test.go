// SPDX-License-Identifier: BSD-3-Clause

//go:build unix

package batchrt_test

import (
	"fmt"
	"io"
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

// A strip of a loop: up to 16 calls for each Run, and no more memory for a
// thousand strips than for one.
func ExampleArena_Reset() {
	paths := []string{"/", "/dev", "/dev/null", "/not there", "/proc"}
	var a batchrt.Arena
	var ops [16]batchrt.Op
	var st [16]unix.Stat_t
	for len(paths) > 0 {
		a.Reset()
		n := min(len(paths), len(ops))
		for i, p := range paths[:n] {
			ops[i] = a.Lstat(p, &st[i])
		}
		batchrt.Run(ops[:n])
		for i, p := range paths[:n] {
			if !ops[i].Ran() {
				n = i // an earlier one failed: the next strip begins here
				break
			}
			if err := ops[i].Err(); err != nil {
				fmt.Println(p, err)
			}
		}
		paths = paths[n:]
	}
	// Output:
	// /not there no such file or directory
}

// A call that is made under a condition known beforehand.
func ExampleOp_If() {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer unix.Close(fd)
	noDelay := false
	ops := []batchrt.Op{
		batchrt.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1).If(noDelay),
		batchrt.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1),
	}
	batchrt.Run(ops)
	fmt.Println(ops[0].Ran(), ops[1].Ran(), ops[1].Err())
	// Output: false true <nil>
}

// A file's size, as one call finds it, becomes an argument of the next.
func ExampleLoad() {
	f, err := os.CreateTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.Remove(f.Name())
	defer f.Close()
	fmt.Fprint(f, "0123456789")
	const (
		stat = iota
		size
		seek
	)
	var st unix.Stat_t
	ops := []batchrt.Op{
		stat: batchrt.Fstat(int(f.Fd()), &st),
		size: batchrt.Load(seek, 1, &st.Size),
		seek: batchrt.Seek(int(f.Fd()), 0, io.SeekStart),
	}
	batchrt.Run(ops)
	fmt.Println(ops[seek].Int64())
	// Output: 10 <nil>
}
