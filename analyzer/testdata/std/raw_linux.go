package std

import (
	"log"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Raw calls with constant numbers are entries where no address is passed.
func raw(a, b int) error {
	_, _, errno := unix.Syscall(unix.SYS_FSYNC, uintptr(a), 0, 0) // want `3 calls can share one crossing: Syscall, RawSyscall, Syscall6`
	if errno != 0 {
		return errno
	}
	if _, _, errno := syscall.RawSyscall(syscall.SYS_CLOSE, uintptr(a), 0, 0); errno != 0 {
		log.Print(errno)
	}
	_, _, errno = syscall.Syscall6(syscall.SYS_FALLOCATE, uintptr(b), 0, 0, 4096, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// An address stays in the call's own argument list.
func rawPointer(a int, st *unix.Stat_t) {
	unix.Syscall(unix.SYS_FSTAT, uintptr(a), uintptr(unsafe.Pointer(st)), 0)
	unix.Syscall(unix.SYS_FSTAT, uintptr(a), uintptr(unsafe.Pointer(st)), 0)
}

// The second result is not carried.
func rawSecond(a int) uintptr {
	_, r2, _ := unix.Syscall(unix.SYS_FSYNC, uintptr(a), 0, 0)
	unix.Syscall(unix.SYS_FSYNC, uintptr(a), 0, 0)
	return r2
}
