// Package std uses package syscall.
package std

import "syscall"

func both(p, q string, fd int) error {
	var a, b syscall.Stat_t
	if err := syscall.Lstat(p, &a); err != nil { // want `3 calls can share one crossing: Lstat, Fstat, Fchmod`
		return err
	}
	if err := syscall.Fstat(fd, &b); err != nil {
		return err
	}
	return syscall.Fchmod(fd, 0o600)
}
