// Package chain holds calls whose results are arguments of later ones.
package chain

import (
	"fmt"

	"golang.org/x/sys/unix"
)

func readFile(path string, buf []byte) (n int, err error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0) // want `3 calls can share one crossing: Open, Fstat, Pread`
	if err != nil {
		return 0, err
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return 0, err
	}
	n, err = unix.Pread(fd, buf, 0)
	if err != nil {
		return 0, fmt.Errorf("size %d: %w", st.Size, err)
	}
	return n, nil
}

func install(path string, uid, gid int, mode uint32) error {
	fd, err := unix.Openat(unix.AT_FDCWD, path, unix.O_WRONLY, 0) // want `4 calls can share one crossing: Openat, Fchown, Fchmod, Close`
	if err != nil {
		return err
	}
	if err := unix.Fchown(fd, uid, gid); err != nil {
		unix.Close(fd)
		return err
	}
	if err := unix.Fchmod(fd, mode); err != nil {
		unix.Close(fd)
		return err
	}
	return unix.Close(fd)
}

// Both descriptors, and one that is not the first argument.
func duplicate(a, b string) error {
	x, err := unix.Open(a, unix.O_RDONLY, 0) // want `3 calls can share one crossing: Open, Open, Dup3`
	if err != nil {
		return err
	}
	y, err := unix.Open(b, unix.O_RDONLY, 0)
	if err != nil {
		unix.Close(x)
		return err
	}
	defer unix.Close(y)
	return unix.Dup3(x, y, unix.O_CLOEXEC)
}

// Unchecked, the descriptor may be -1, which the kernel's result is not.
func unchecked(path string) {
	var st unix.Stat_t
	fd, _ := unix.Open(path, unix.O_RDONLY, 0)
	unix.Fstat(fd, &st)
}

// The handler goes on with another descriptor.
func fallback(path string) error {
	var st unix.Stat_t
	fd, err := unix.Open(path, unix.O_RDONLY, 0) // want `2 calls can share one crossing: Open, Fstat`
	if err != nil {
		fd = 0
	}
	defer unix.Close(fd)
	return unix.Fstat(fd, &st)
}

// Nothing else reads the descriptor: the variable goes.
func lost(path string) error {
	var st unix.Stat_t
	fd, err := unix.Open(path, unix.O_RDONLY, 0) // want `2 calls can share one crossing: Open, Fstat`
	if err != nil {
		return err
	}
	return unix.Fstat(fd, &st)
}

// The declaration has a comment, which goes with it.
func commented(path string) error {
	fd, err := unix.Open(path, unix.O_RDONLY, 0) // want `2 calls can share one crossing: Open, Fstat`
	if err != nil {
		return err
	}
	// What is known of the file.
	var st unix.Stat_t
	return unix.Fstat(fd, &st)
}

// A deferred call that is evaluated with effects ends the group.
func deferred(path string, log func() func()) error {
	fd, err := unix.Open(path, unix.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer log()()
	return unix.Fsync(fd)
}

// Another st is meant before the declaration.
func shadow(path string, st *unix.Stat_t) error {
	fd, err := unix.Open(path, int(st.Mode), 0)
	if err != nil {
		return err
	}
	{
		var st unix.Stat_t
		unix.Fstat(fd, &st)
	}
	return nil
}

type owner struct{ fd int }

// The deferred call holds the number, not the owner.
func deferredNumber(o *owner, fd int) error {
	_ = o.fd
	defer unix.Close(o.fd)
	if err := unix.Fsync(fd); err != nil { // want `2 calls can share one crossing: Fsync, Fsync`
		return err
	}
	return unix.Fsync(o.fd)
}
