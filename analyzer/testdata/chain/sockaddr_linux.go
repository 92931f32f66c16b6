package chain

import (
	"golang.org/x/sys/unix"
)

// The address is a literal in the call: nobody else sees what the encoding
// writes into it.
func bindInet4(fd, port int, addr [4]byte) error {
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil { // want `3 calls can share one crossing: SetsockoptInt, Bind, Listen`
		return err
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Port: port, Addr: addr}); err != nil {
		return err
	}
	return unix.Listen(fd, 16)
}

// A descriptor flows to it; the other kinds of address.
func bindOthers(fd, port int, zone uint32, name string) (int, error) {
	s, err := unix.Dup(fd) // want `5 calls can share one crossing: Dup, SetsockoptInt, Bind, Bind, Bind`
	if err != nil {
		return -1, err
	}
	if err := unix.SetsockoptInt(s, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		unix.Close(s)
		return -1, err
	}
	if err := unix.Bind(s, &unix.SockaddrInet6{Port: port, ZoneId: zone, Addr: [16]byte{15: 1}}); err != nil {
		unix.Close(s)
		return -1, err
	}
	if err := unix.Bind(s, &unix.SockaddrUnix{Name: name}); err != nil {
		unix.Close(s)
		return -1, err
	}
	if err := unix.Bind(s, (&unix.SockaddrNetlink{Groups: 1 << (unix.RTNLGRP_LINK - 1)})); err != nil {
		unix.Close(s)
		return -1, err
	}
	return s, nil
}

// Connect may wait for others, and wakes them: what they cannot see may be
// read before.
func connect(fd int, name string) error {
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_PASSCRED, 1); err != nil { // want `4 calls can share one crossing: SetsockoptInt, Connect, Send, Shutdown`
		return err
	}
	if err := unix.Connect(fd, &unix.SockaddrUnix{Name: name}); err != nil {
		return err
	}
	if err := unix.Send(fd, []byte("hello"), 0); err != nil {
		return err
	}
	return unix.Shutdown(fd, unix.SHUT_WR)
}

// An alias is the same type.
type inet = unix.SockaddrInet4

func bindAlias(fd, port int) error {
	if err := unix.Bind(fd, &inet{Port: port}); err != nil { // want `2 calls can share one crossing: Bind, Listen`
		return err
	}
	return unix.Listen(fd, 1)
}

// Each lane has an address of its own.
func bindAll(fds []int, port int) (errs []error) {
	for i, fd := range fds {
		err := unix.Bind(fd, &unix.SockaddrInet4{Port: port + i}) // want `2 calls can share a crossing with those of other iterations: Bind, Listen`
		if err == nil {
			err = unix.Listen(fd, 1)
		}
		errs = append(errs, err)
	}
	return errs
}
