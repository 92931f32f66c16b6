// SPDX-License-Identifier: BSD-3-Clause

// want: any
// why: raw system calls with constant numbers among others
package main

import (
	"fmt"
	"syscall"

	"autobatch.test/traps/internal/trap"
	"golang.org/x/sys/unix"
)

func main() {
	fd := trap.Fd("a", "0123456789")
	var st unix.Stat_t
	trap.Begin()
	r1, r2, e1 := syscall.Syscall(syscall.SYS_FTRUNCATE, uintptr(fd), 8, 0)
	e2 := unix.Fstat(fd, &st)
	r3, _, e3 := unix.RawSyscall(unix.SYS_FCHMOD, uintptr(fd), 0o600, 0)
	r4, _, e4 := unix.Syscall(unix.SYS_FTRUNCATE, ^uintptr(0), 8, 0)
	r5, _, e5 := unix.Syscall6(unix.SYS_GETPPID, 0, 0, 0, 0, 0, 0)
	_, _, e6 := syscall.Syscall(9999, 1, 2, 3)
	trap.End()
	fmt.Println(r1, r2, int(e1), trap.Err(e2), r3, int(e3), int(r4), e4 == unix.EBADF, r5 == uintptr(unix.Getppid()), int(e5), e6 == syscall.ENOSYS, st.Size)
	trap.Tree()
}
