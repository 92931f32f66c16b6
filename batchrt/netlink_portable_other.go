// SPDX-License-Identifier: BSD-3-Clause

//go:build aix || darwin || dragonfly || freebsd || netbsd || openbsd || solaris

package batchrt

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// Only Linux has netlink.

func ofNetlink(unix.Sockaddr) (unsafe.Pointer, uint64) {
	panicSockaddr()
	return nil, 0
}

func asNetlink(unsafe.Pointer) unix.Sockaddr { return nil }
