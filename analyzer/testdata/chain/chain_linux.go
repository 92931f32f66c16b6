// Package chain holds calls whose results are arguments of later ones.
package chain

import (
	"fmt"
	"os"

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

// A field that the first call fills in is an argument of the others.
func copyOwner(from, to string) error {
	var st unix.Stat_t
	if err := unix.Lstat(from, &st); err != nil { // want `3 calls can share one crossing: Lstat, Lchown, Chmod`
		return err
	}
	if err := unix.Lchown(to, int(st.Uid), int(st.Gid)); err != nil {
		return err
	}
	return unix.Chmod(to, st.Mode)
}

func truncate(fd, other int) error {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil { // want `2 calls can share one crossing: Fstat, Ftruncate`
		return err
	}
	return unix.Ftruncate(other, st.Size)
}

// Offsets, and a conversion.
func offsets(fd, other int) error {
	off, err := unix.Seek(fd, 0, unix.SEEK_CUR) // want `2 calls can share one crossing: Seek, Ftruncate`
	if err != nil {
		return err
	}
	return unix.Ftruncate(other, off)
}

func closeRange(fd int) error {
	n, err := unix.Dup(fd) // want `2 calls can share one crossing: Dup, CloseRange`
	if err != nil {
		return err
	}
	defer unix.Close(n)
	return unix.CloseRange(uint(n), uint(n), unix.CLOSE_RANGE_CLOEXEC)
}

// A literal further down knows the variable.
func captured(path string, start func(func())) error {
	fd, err := unix.Open(path, unix.O_RDONLY, 0) // want `2 calls can share one crossing: Open, Fchmod`
	if err != nil {
		return err
	}
	if err := unix.Fchmod(fd, 0o600); err != nil {
		return err
	}
	start(func() { unix.Close(fd) })
	return nil
}

// The error is dressed.
func dressed(fd int) error {
	if err := os.NewSyscallError("setsockopt", unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1)); err != nil { // want `2 calls can share one crossing: SetsockoptInt, SetsockoptInt`
		return err
	}
	return os.NewSyscallError("setsockopt", unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1))
}

// Refused: the field is changed in between, or narrowed.
func changed(from, to string) error {
	var st unix.Stat_t
	if err := unix.Lstat(from, &st); err != nil {
		return err
	}
	st.Mode |= 0o200
	return unix.Chmod(to, st.Mode)
}

func narrowed(from, to string) error {
	var st unix.Stat_t
	if err := unix.Lstat(from, &st); err != nil {
		return err
	}
	return unix.Chmod(to, uint32(st.Size))
}

// In each iteration.
func owners(paths []string, to string) error {
	for _, p := range paths {
		var st unix.Stat_t
		if err := unix.Lstat(p, &st); err != nil { // want `2 calls can share a crossing with those of other iterations: Lstat, Lchown`
			return err
		}
		if err := unix.Lchown(to, int(st.Uid), -1); err != nil {
			return err
		}
	}
	return nil
}

// Variables of one name, of which nothing but the calls read the first and the
// last.
func sameNames(a, b, c string) error {
	if fd, err := unix.Open(a, unix.O_RDONLY, 0); err == nil { // want `2 calls can share one crossing: Open, Close`
		unix.Close(fd)
	}
	fd, err := unix.Open(b, unix.O_RDONLY, 0) // want `2 calls can share one crossing: Open, Fchmod`
	if err != nil {
		return err
	}
	if err := unix.Fchmod(fd, 0o600); err != nil {
		return fmt.Errorf("%d: %w", fd, err)
	}
	func() {
		fd, err := unix.Open(c, unix.O_RDONLY, 0) // want `2 calls can share one crossing: Open, Close`
		if err != nil {
			return
		}
		unix.Close(fd)
	}()
	return nil
}

// Wrappers that make one call where an argument is a constant.
func server(mode uint32, dir int, name string) (int, error) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0) // want `4 calls can share one crossing: Socket, SetsockoptInt, Faccessat, Fchmodat`
	if err != nil {
		return -1, err
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_PASSCRED, 1); err != nil {
		unix.Close(fd)
		return -1, err
	}
	if err := unix.Faccessat(dir, name, unix.W_OK, 0); err != nil {
		return fd, err
	}
	err = unix.Fchmodat(dir, name, mode, 0)
	return fd, err
}

// Others make another call, or look at a variable.
func wrapped(domain, dir int, name string) (int, error) {
	if err := unix.Fchmodat(dir, name, 0o600, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return -1, err
	}
	fd, err := unix.Socket(unix.AF_INET6, unix.SOCK_STREAM, 0)
	if err != nil {
		return -1, err
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_PASSCRED, 1); err != nil {
		return -1, err
	}
	return unix.Socket(domain, unix.SOCK_STREAM, 0)
}
