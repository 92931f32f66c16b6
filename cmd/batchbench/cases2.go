// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"golang.org/x/sys/unix"

	"github.com/autobatch/autobatch/batchrt"
)

//go:noinline
func lstat2() (int64, error) {
	var a, b unix.Stat_t
	if err := unix.Lstat(path, &a); err != nil {
		return 0, err
	}
	if err := unix.Lstat(path, &b); err != nil {
		return 0, err
	}
	return a.Size + b.Size, nil
}

//go:noinline
func lstat2Batch() (int64, error) {
	var a, b unix.Stat_t
	var ar batchrt.Arena
	ops := []batchrt.Op{
		ar.Lstat(path, &a),
		ar.Lstat(path, &b),
	}
	batchrt.Run(ops)
	if err := ops[0].Err(); err != nil {
		return 0, err
	}
	if err := ops[1].Err(); err != nil {
		return 0, err
	}
	return a.Size + b.Size, nil
}

//go:noinline
func lstat8() error {
	var st [8]unix.Stat_t
	for i := range st {
		if err := unix.Lstat(paths[i], &st[i]); err != nil {
			return err
		}
	}
	keep(st[7].Size)
	return nil
}

//go:noinline
func lstat8Batch() error {
	var st [8]unix.Stat_t
	var ops [8]batchrt.Op
	var ar batchrt.Arena
	for i := range st {
		ops[i] = ar.Lstat(paths[i], &st[i])
	}
	batchrt.Run(ops[:])
	for i := range st {
		if err := ops[i].Err(); err != nil {
			return err
		}
	}
	keep(st[7].Size)
	return nil
}

//go:noinline
func pread8() error {
	for i := range 8 {
		if _, err := unix.Pread(fd, buf[:512], int64(i)); err != nil {
			return err
		}
	}
	return nil
}

//go:noinline
func pread8Batch() error {
	var ops [8]batchrt.Op
	for i := range ops {
		ops[i] = batchrt.Pread(fd, buf[:512], int64(i))
	}
	batchrt.Run(ops[:])
	for i := range ops {
		if _, err := ops[i].Int(); err != nil {
			return err
		}
	}
	return nil
}

//go:noinline
func chain() error {
	f, err := unix.Open(path, unix.O_RDONLY, 0)
	if err != nil {
		return err
	}
	var st unix.Stat_t
	if err := unix.Fstat(f, &st); err != nil {
		unix.Close(f)
		return err
	}
	if _, err := unix.Read(f, buf[:512]); err != nil {
		unix.Close(f)
		return err
	}
	keep(st.Size)
	return unix.Close(f)
}

//go:noinline
func chainBatch() error {
	const (
		open = iota
		stat
		read
		closing
	)
	var st unix.Stat_t
	var a batchrt.Arena
	ops := []batchrt.Op{
		open:    a.Open(path, unix.O_RDONLY, 0),
		stat:    batchrt.Fstat(-1, &st).FD(open),
		read:    batchrt.Read(-1, buf[:512]).FD(open),
		closing: batchrt.Close(-1).FD(open),
	}
	batchrt.Run(ops)
	f, err := ops[open].Int()
	if err != nil {
		return err
	}
	if err := ops[stat].Err(); err != nil {
		unix.Close(f)
		return err
	}
	if _, err := ops[read].Int(); err != nil {
		unix.Close(f)
		return err
	}
	keep(st.Size)
	return ops[closing].Err()
}

//go:noinline
func lstat64() error {
	var total int64
	for _, p := range paths {
		var st unix.Stat_t
		if err := unix.Lstat(p, &st); err != nil {
			return err
		}
		total += st.Size
	}
	keep(total)
	return nil
}

//go:noinline
func lstat64Batch() error {
	var total int64
	var ops [16]batchrt.Op
	var st [16]unix.Stat_t
	var a batchrt.Arena
	for strip := 0; strip < len(paths); strip += 16 {
		a.Reset()
		n := min(16, len(paths)-strip)
		for i := range n {
			st[i] = unix.Stat_t{}
			ops[i] = a.Lstat(paths[strip+i], &st[i])
		}
		batchrt.Run(ops[:n])
		for i := range n {
			if err := ops[i].Err(); err != nil {
				return err
			}
			total += st[i].Size
		}
	}
	keep(total)
	return nil
}

// taken makes a table count as used, without moving it to the heap.
//
//go:noinline
//go:nosplit
func taken(ops []batchrt.Op) {}

//go:noinline
func buildFD() {
	ops := []batchrt.Op{
		batchrt.Fstat(fd, nil), batchrt.Fstat(fd, nil), batchrt.Fstat(fd, nil), batchrt.Fstat(fd, nil),
		batchrt.Fstat(fd, nil), batchrt.Fstat(fd, nil), batchrt.Fstat(fd, nil), batchrt.Fstat(fd, nil),
	}
	taken(ops)
}

//go:noinline
func buildPath() {
	var a batchrt.Arena
	ops := []batchrt.Op{
		a.Lstat(path, nil), a.Lstat(path, nil), a.Lstat(path, nil), a.Lstat(path, nil),
		a.Lstat(path, nil), a.Lstat(path, nil), a.Lstat(path, nil), a.Lstat(path, nil),
	}
	taken(ops)
}

// The series: n calls, up to 64. Structs and tables are not on the stack here:
// clearing 64 of each would weigh more than one call.
var (
	manySt    [64]unix.Stat_t
	manyOps   [64]batchrt.Op
	manyPaths batchrt.Arena
)

func fstats(n int) {
	for i := range n {
		if unix.Fstat(fd, &manySt[i]) != nil {
			panic("fstat")
		}
	}
}

func fstatsBatch(n int) {
	ops := manyOps[:n]
	for i := range ops {
		ops[i] = batchrt.Fstat(fd, &manySt[i])
	}
	batchrt.Run(ops)
	for i := range ops {
		if ops[i].Err() != nil {
			panic("fstat")
		}
	}
}

func lstats(n int) {
	for i := range n {
		if unix.Lstat(paths[i], &manySt[i]) != nil {
			panic("lstat")
		}
	}
}

func lstatsBatch(n int) {
	ops := manyOps[:n]
	manyPaths.Reset()
	for i := range ops {
		ops[i] = manyPaths.Lstat(paths[i], &manySt[i])
	}
	batchrt.Run(ops)
	for i := range ops {
		if ops[i].Err() != nil {
			panic("lstat")
		}
	}
}
