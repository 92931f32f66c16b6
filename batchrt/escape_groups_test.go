// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package batchrt

import "golang.org/x/sys/unix"

// Groups as the rewriter writes them. Nothing in this file may move to the
// heap: TestEscapeAnalysis and TestAllocations see to it.

func fstatGroup(fd int) (int64, error) {
	var a, b unix.Stat_t
	ops := []Op{
		Fstat(fd, &a),
		Fstat(fd, &b),
	}
	Run(ops)
	if err := ops[0].Err(); err != nil {
		return 0, err
	}
	if err := ops[1].Err(); err != nil {
		return 0, err
	}
	return a.Size + b.Size, nil
}

func lstatGroup(p, q string) (int64, error) {
	var a Arena
	var x, y unix.Stat_t
	ops := []Op{
		a.Lstat(p, &x),
		a.Lstat(q, &y),
	}
	Run(ops)
	if err := ops[0].Err(); err != nil {
		return 0, err
	}
	if err := ops[1].ErrOr(func() error { return unix.Lstat(q, &y) }); err != nil {
		return 0, err
	}
	return x.Size + y.Size, nil
}

func sockoptGroup(fd int) error {
	ops := []Op{
		SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1),
		SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1),
	}
	Run(ops)
	if err := ops[0].Err(); err != nil {
		return err
	}
	return ops[1].Err()
}

func chainGroup(p string, buf []byte) (int, error) {
	var a Arena
	ops := []Op{
		a.Open(p, unix.O_RDONLY|unix.O_CLOEXEC, 0),
		Pread(-1, buf, 0).FD(0),
		Load(3, 2, new(int32)),
		Pread(-1, buf, 5).FD(0),
		Close(-1).FD(0),
	}
	Run(ops)
	if _, err := ops[0].Int(); err != nil {
		return 0, err
	}
	if err := ops[4].Err(); err != nil {
		return 0, err
	}
	return ops[3].Int()
}

// loopGroup is a strip-mined loop: paths that do not fit the arena take one
// piece of the heap for all strips.
func loopGroup(paths []string) error {
	var a Arena
	var ops [16]Op
	var st [16]unix.Stat_t
	for len(paths) > 0 {
		n := min(len(paths), 16)
		a.Reset()
		for i, p := range paths[:n] {
			ops[i] = a.Lstat(p, &st[i])
		}
		Run(ops[:n])
		for i := range paths[:n] {
			if err := ops[i].Err(); err != nil {
				return err
			}
		}
		paths = paths[n:]
	}
	return nil
}
