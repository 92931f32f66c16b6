// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"golang.org/x/sys/unix"

	"github.com/autobatch/autobatch/batchrt"
)

// benchCase compares one function in its original and its rewritten form.
type benchCase struct {
	name              string
	goal              float64 // largest ratio that meets the goal; 0 = none
	per               int     // how many things changed does while original does one
	original, changed func()
}

var (
	fd    int    // a regular file
	sock  int    // a socket
	path  string // the file's
	cpath []byte // the same, terminated
	paths [64]string
	buf   [4096]byte
)

// keep makes v count as used.
//
//go:noinline
func keep(v int64) {}

//go:noinline
func fstat1() (int64, error) {
	var a unix.Stat_t
	if err := unix.Fstat(fd, &a); err != nil {
		return 0, err
	}
	return a.Size, nil
}

//go:noinline
func fstat1Batch() (int64, error) {
	var a unix.Stat_t
	ops := []batchrt.Op{batchrt.Fstat(fd, &a)}
	batchrt.Run(ops)
	if err := ops[0].Err(); err != nil {
		return 0, err
	}
	return a.Size, nil
}

//go:noinline
func fstat2() (int64, error) {
	var a, b unix.Stat_t
	if err := unix.Fstat(fd, &a); err != nil {
		return 0, err
	}
	if err := unix.Fstat(fd, &b); err != nil {
		return 0, err
	}
	return a.Size + b.Size, nil
}

//go:noinline
func fstat2Batch() (int64, error) {
	var a, b unix.Stat_t
	ops := []batchrt.Op{
		batchrt.Fstat(fd, &a),
		batchrt.Fstat(fd, &b),
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
func fstat4() (int64, error) {
	var a, b, c, d unix.Stat_t
	if err := unix.Fstat(fd, &a); err != nil {
		return 0, err
	}
	if err := unix.Fstat(fd, &b); err != nil {
		return 0, err
	}
	if err := unix.Fstat(fd, &c); err != nil {
		return 0, err
	}
	if err := unix.Fstat(fd, &d); err != nil {
		return 0, err
	}
	return a.Size + b.Size + c.Size + d.Size, nil
}

//go:noinline
func fstat4Batch() (int64, error) {
	var a, b, c, d unix.Stat_t
	ops := []batchrt.Op{
		batchrt.Fstat(fd, &a),
		batchrt.Fstat(fd, &b),
		batchrt.Fstat(fd, &c),
		batchrt.Fstat(fd, &d),
	}
	batchrt.Run(ops)
	if err := ops[0].Err(); err != nil {
		return 0, err
	}
	if err := ops[1].Err(); err != nil {
		return 0, err
	}
	if err := ops[2].Err(); err != nil {
		return 0, err
	}
	if err := ops[3].Err(); err != nil {
		return 0, err
	}
	return a.Size + b.Size + c.Size + d.Size, nil
}

//go:noinline
func fstat8() error {
	var st [8]unix.Stat_t
	for i := range st {
		if err := unix.Fstat(fd, &st[i]); err != nil {
			return err
		}
	}
	keep(st[7].Size)
	return nil
}

//go:noinline
func fstat8Batch() error {
	var st [8]unix.Stat_t
	var ops [8]batchrt.Op
	for i := range st {
		ops[i] = batchrt.Fstat(fd, &st[i])
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
func sockopt5() error {
	if err := unix.SetsockoptInt(sock, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		return err
	}
	if err := unix.SetsockoptInt(sock, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
		return err
	}
	if err := unix.SetsockoptInt(sock, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1); err != nil {
		return err
	}
	if err := unix.SetsockoptInt(sock, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, 60); err != nil {
		return err
	}
	if err := unix.SetsockoptInt(sock, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, 10); err != nil {
		return err
	}
	return nil
}

//go:noinline
func sockopt5Batch() error {
	ops := []batchrt.Op{
		batchrt.SetsockoptInt(sock, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1),
		batchrt.SetsockoptInt(sock, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1),
		batchrt.SetsockoptInt(sock, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1),
		batchrt.SetsockoptInt(sock, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, 60),
		batchrt.SetsockoptInt(sock, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, 10),
	}
	batchrt.Run(ops)
	if err := ops[0].Err(); err != nil {
		return err
	}
	if err := ops[1].Err(); err != nil {
		return err
	}
	if err := ops[2].Err(); err != nil {
		return err
	}
	if err := ops[3].Err(); err != nil {
		return err
	}
	if err := ops[4].Err(); err != nil {
		return err
	}
	return nil
}

//go:noinline
func lstat3() (int64, error) {
	var a, b, c unix.Stat_t
	if err := unix.Lstat(path, &a); err != nil {
		return 0, err
	}
	if err := unix.Lstat(path, &b); err != nil {
		return 0, err
	}
	if err := unix.Lstat(path, &c); err != nil {
		return 0, err
	}
	return a.Size + b.Size + c.Size, nil
}

//go:noinline
func lstat3Batch() (int64, error) {
	var a, b, c unix.Stat_t
	var ar batchrt.Arena
	ops := []batchrt.Op{
		ar.Lstat(path, &a),
		ar.Lstat(path, &b),
		ar.Lstat(path, &c),
	}
	batchrt.Run(ops)
	if err := ops[0].Err(); err != nil {
		return 0, err
	}
	if err := ops[1].Err(); err != nil {
		return 0, err
	}
	if err := ops[2].Err(); err != nil {
		return 0, err
	}
	return a.Size + b.Size + c.Size, nil
}
