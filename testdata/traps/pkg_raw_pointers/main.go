// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// want: any
// why: raw system calls with addresses of locals and of strings
package main

import (
	"fmt"
	"syscall"
	"unsafe"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	name := append([]byte(trap.File("a", "12345")), 0)
	var st unix.Stat_t
	var buf [4]byte
	trap.Begin()
	fd, _, e1 := syscall.Syscall6(unix.SYS_OPENAT, ^uintptr(99), uintptr(unsafe.Pointer(&name[0])), unix.O_RDWR, 0, 0, 0)
	_, _, e2 := syscall.Syscall(unix.SYS_FSTAT, fd, uintptr(unsafe.Pointer(&st)), 0)
	n, _, e3 := syscall.Syscall(unix.SYS_READ, fd, uintptr(unsafe.Pointer(&buf)), 3)
	_, _, e4 := syscall.Syscall(unix.SYS_READ, fd, 1, 3)
	trap.End()
	fmt.Println(int(e1), int(e2), int(e3), e4 == unix.EFAULT, n, st.Size, string(buf[:3]))
}
