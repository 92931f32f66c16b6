// SPDX-License-Identifier: BSD-3-Clause

//go:build !((amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname)

package batchrt

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

func ofNetlink(sa unix.Sockaddr) (unsafe.Pointer, uint64) {
	if sa, ok := sa.(*unix.SockaddrNetlink); ok {
		return unsafe.Pointer(sa), kindNetlink
	}
	panicSockaddr()
	return nil, 0
}

func asNetlink(p unsafe.Pointer) unix.Sockaddr { return (*unix.SockaddrNetlink)(p) }
