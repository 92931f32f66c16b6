// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// sockaddr encodes a socket address as x/sys's method of that name does, and
// returns where it lies and how many bytes of it count. For one that x/sys
// refuses to encode it returns ctlNoCall: the entry's result will be EINVAL,
// without a call. x/sys encodes into the value itself; here that stays as it is,
// and may lie on the stack.
//
// The table of effects holds a fingerprint of x/sys's methods: where the
// program's x/sys has others, no call is made an entry.
//
//go:noinline
func (a *Arena) sockaddr(sa unix.Sockaddr) (unsafe.Pointer, uint64, ctl) {
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		if sa.Port < 0 || sa.Port > 0xffff {
			return nil, 0, ctlNoCall
		}
		to := (*unix.RawSockaddrInet4)(a.room(unix.SizeofSockaddrInet4))
		*to = unix.RawSockaddrInet4{Family: unix.AF_INET, Port: network(sa.Port), Addr: sa.Addr}
		return unsafe.Pointer(to), unix.SizeofSockaddrInet4, 0
	case *unix.SockaddrInet6:
		if sa.Port < 0 || sa.Port > 0xffff {
			return nil, 0, ctlNoCall
		}
		to := (*unix.RawSockaddrInet6)(a.room(unix.SizeofSockaddrInet6))
		*to = unix.RawSockaddrInet6{Family: unix.AF_INET6, Port: network(sa.Port), Addr: sa.Addr, Scope_id: sa.ZoneId}
		return unsafe.Pointer(to), unix.SizeofSockaddrInet6, 0
	case *unix.SockaddrNetlink:
		to := (*unix.RawSockaddrNetlink)(a.room(unix.SizeofSockaddrNetlink))
		*to = unix.RawSockaddrNetlink{Family: unix.AF_NETLINK, Pad: sa.Pad, Pid: sa.Pid, Groups: sa.Groups}
		return unsafe.Pointer(to), unix.SizeofSockaddrNetlink, 0
	case *unix.SockaddrUnix:
		return a.sockaddrUnix(sa.Name)
	}
	panicSockaddr()
	return nil, 0, 0
}

// sockaddrUnix encodes the name of a unix socket: the family, the name and a
// terminating NUL. Names that begin with @ or NUL are abstract: they begin with
// NUL, and no other is added. The empty name is the family alone. A NUL inside
// is no error; the kernel decides what it means.
func (a *Arena) sockaddrUnix(name string) (unsafe.Pointer, uint64, ctl) {
	const family = 2 // bytes
	n := len(name)
	if n >= len(unix.RawSockaddrUnix{}.Path) {
		return nil, 0, ctlNoCall
	}
	to := a.room(family + n + 1)
	*(*uint16)(to) = unix.AF_UNIX
	if n == 0 {
		return to, family, 0
	}
	path := unsafe.Slice((*byte)(unsafe.Add(to, family)), n+1)
	copy(path, name)
	path[n] = 0
	size := uint64(family + n + 1)
	if path[0] == '@' || path[0] == 0 && size > family+1 {
		path[0] = 0
		size--
	}
	return to, size, 0
}

// network is a port in the order of bytes in which the network has it; both
// architectures have the other one.
func network(port int) uint16 { return uint16(port)<<8 | uint16(port)>>8 }

// room takes n bytes of the Arena, aligned to 8. What they hold is not defined.
func (a *Arena) room(n int) unsafe.Pointer {
	at := (a.n + 7) &^ 7
	if n <= arenaSize-at {
		a.n = at + n
		return unsafe.Pointer(&a.buf[at])
	}
	c := (len(a.chunk) + 7) &^ 7
	if n > cap(a.chunk)-c {
		a.chunk, c = make([]byte, 0, max(chunkSize, 2*cap(a.chunk))), 0
	}
	a.chunk = a.chunk[:c+n]
	return unsafe.Pointer(&a.chunk[c])
}
