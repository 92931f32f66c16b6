package std

import "syscall"

// The package is compiled for Linux alone (it uses Fallocate), although this
// file does not say so.
func anywhere(p, q string) error {
	var a syscall.Stat_t
	if err := syscall.Lstat(p, &a); err != nil { // want `3 calls can share one crossing: Lstat, Unlink, Rmdir`
		return err
	}
	if err := syscall.Unlink(p); err != nil {
		return err
	}
	return syscall.Rmdir(q)
}

var _ = syscall.Fallocate
