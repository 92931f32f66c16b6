// SPDX-License-Identifier: BSD-3-Clause

//go:build (aix || darwin || dragonfly || freebsd || linux || netbsd || openbsd || solaris) && !(linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname)

package batchrt

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// The types of socket addresses that an entry can have.
const (
	kindInet4 = iota
	kindInet6
	kindUnix
	kindNetlink
)

// ofSockaddr takes an address apart: an Op has no room for an interface. The
// function that makes the call encodes it, into the value itself.
func ofSockaddr(sa unix.Sockaddr) (unsafe.Pointer, uint64) {
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		return unsafe.Pointer(sa), kindInet4
	case *unix.SockaddrInet6:
		return unsafe.Pointer(sa), kindInet6
	case *unix.SockaddrUnix:
		return unsafe.Pointer(sa), kindUnix
	}
	return ofNetlink(sa)
}

// asSockaddr makes an address of what ofSockaddr gave. The methods that encode
// keep nothing, but the compiler does not see which one is called.
func asSockaddr(value unsafe.Pointer, kind uint64) unix.Sockaddr {
	p := noescape(value)
	switch kind {
	case kindInet4:
		return (*unix.SockaddrInet4)(p)
	case kindInet6:
		return (*unix.SockaddrInet6)(p)
	case kindUnix:
		return (*unix.SockaddrUnix)(p)
	}
	return asNetlink(p)
}
