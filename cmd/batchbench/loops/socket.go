// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"unsafe"

	"github.com/autobatch/autobatch/batchrt"
	"golang.org/x/sys/unix"
)

// originalListen makes a socket, sets three options and binds it.
//
//go:noinline
func originalListen(sa *unix.SockaddrInet4) (int, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		unix.Close(fd)
		return -1, err
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1); err != nil {
		unix.Close(fd)
		return -1, err
	}
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_DEFER_ACCEPT, 1); err != nil {
		unix.Close(fd)
		return -1, err
	}
	if err := unix.Bind(fd, sa); err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// address is where wholeListen encodes the address: raw entries take numbers,
// so it must be memory that stays where it is.
var address unix.RawSockaddrInet4

// wholeListen is what could be written if socket and bind were entries. It makes
// them by number, and encodes the address as package unix does.
//
//go:noinline
func wholeListen(sa *unix.SockaddrInet4) (int, error) {
	address.Family, address.Addr = unix.AF_INET, sa.Addr
	port := (*[2]byte)(unsafe.Pointer(&address.Port))
	port[0], port[1] = byte(sa.Port>>8), byte(sa.Port)
	ops := []batchrt.Op{
		batchrt.Syscall(unix.SYS_SOCKET, unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0),
		batchrt.SetsockoptInt(-1, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1).FD(0),
		batchrt.SetsockoptInt(-1, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1).FD(0),
		batchrt.SetsockoptInt(-1, unix.IPPROTO_TCP, unix.TCP_DEFER_ACCEPT, 1).FD(0),
		batchrt.Syscall(unix.SYS_BIND, 0, uintptr(unsafe.Pointer(&address)), unix.SizeofSockaddrInet4).FD(0),
	}
	batchrt.Run(ops)
	fd, _, errno := ops[0].Raw()
	if errno != 0 {
		return -1, errno
	}
	for i := 1; i <= 3; i++ {
		if err := ops[i].Err(); err != nil {
			unix.Close(int(fd))
			return -1, err
		}
	}
	if _, _, errno := ops[4].Raw(); errno != 0 {
		unix.Close(int(fd))
		return -1, errno
	}
	return int(fd), nil
}

// partListen is what could be written if socket were an entry and bind not.
//
//go:noinline
func partListen(sa *unix.SockaddrInet4) (int, error) {
	ops := []batchrt.Op{
		batchrt.Syscall(unix.SYS_SOCKET, unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0),
		batchrt.SetsockoptInt(-1, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1).FD(0),
		batchrt.SetsockoptInt(-1, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1).FD(0),
		batchrt.SetsockoptInt(-1, unix.IPPROTO_TCP, unix.TCP_DEFER_ACCEPT, 1).FD(0),
	}
	batchrt.Run(ops)
	fd, _, errno := ops[0].Raw()
	if errno != 0 {
		return -1, errno
	}
	for i := 1; i <= 3; i++ {
		if err := ops[i].Err(); err != nil {
			unix.Close(int(fd))
			return -1, err
		}
	}
	if err := unix.Bind(int(fd), sa); err != nil {
		unix.Close(int(fd))
		return -1, err
	}
	return int(fd), nil
}

// optionsListen is what batchfix writes now.
//
//go:noinline
func optionsListen(sa *unix.SockaddrInet4) (int, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	ops := []batchrt.Op{
		batchrt.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1),
		batchrt.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1),
		batchrt.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_DEFER_ACCEPT, 1),
	}
	batchrt.Run(ops)
	for i := range ops {
		if err := ops[i].Err(); err != nil {
			unix.Close(fd)
			return -1, err
		}
	}
	if err := unix.Bind(fd, sa); err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}
