// SPDX-License-Identifier: BSD-3-Clause

// Package patterns has loops and sequences of calls as programs have them that
// back up, unpack and serve files.
package patterns

import (
	"fmt"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// Size is what the files of a folder take.
func Size(folder string, names []string) (bytes int64, err error) {
	for _, name := range names {
		path := filepath.Join(folder, name)
		var st unix.Stat_t
		if err := unix.Lstat(path, &st); err != nil {
			return bytes, fmt.Errorf("%s: %w", path, err)
		}
		bytes += st.Size
	}
	return bytes, nil
}

// Entry is what an archive says about a file.
type Entry struct {
	Path     string
	UID, GID int
	Mode     uint32
}

// Restore gives files their owners and modes back.
func Restore(entries []Entry) error {
	for _, e := range entries {
		if err := unix.Lchown(e.Path, e.UID, e.GID); err != nil {
			return fmt.Errorf("owner of %s: %w", e.Path, err)
		}
		if err := unix.Chmod(e.Path, e.Mode); err != nil {
			return fmt.Errorf("mode of %s: %w", e.Path, err)
		}
	}
	return nil
}

// Own gives the files of a folder an owner, and takes what others may do away.
func Own(folder string, names []string, uid, gid int) (failed []error) {
	for _, name := range names {
		path := filepath.Join(folder, name)
		if err := unix.Lchown(path, uid, gid); err != nil {
			failed = append(failed, fmt.Errorf("owner of %s: %w", path, err))
			continue
		}
		if err := unix.Chmod(path, 0o600); err != nil {
			failed = append(failed, fmt.Errorf("mode of %s: %w", path, err))
		}
	}
	return failed
}

// Protect takes away the right to write to the files of a folder that can be
// opened.
func Protect(folder string, names []string) (done int) {
	paths := make([]string, len(names))
	for i, name := range names {
		paths[i] = filepath.Join(folder, name)
	}
	for _, path := range paths {
		fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			continue
		}
		if err := unix.Fchmod(fd, 0o400); err == nil {
			done++
		}
		unix.Close(fd)
	}
	return done
}

// Head reads what a file begins with, and how long it is.
func Head(path string, buf []byte) (n int, size int64, err error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0, 0, err
	}
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		unix.Close(fd)
		return 0, 0, err
	}
	n, err = unix.Pread(fd, buf, 0)
	if err != nil {
		unix.Close(fd)
		return 0, 0, err
	}
	if err := unix.Close(fd); err != nil {
		return 0, 0, err
	}
	return n, st.Size, nil
}

// Options are what a connection shall be like.
type Options struct {
	NoDelay bool
	Idle    int // seconds; 0 leaves it as it is
}

// Tune sets a connection's options.
func Tune(fd int, o Options) error {
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		return err
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1); err != nil {
		return err
	}
	if o.Idle > 0 {
		if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, o.Idle); err != nil {
			return err
		}
	}
	if o.NoDelay {
		if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
			return err
		}
	}
	return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, 65536)
}

// Socket makes a socket for a server.
func Socket() (fd int, err error) {
	fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		unix.Close(fd)
		return -1, err
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1); err != nil {
		unix.Close(fd)
		return -1, err
	}
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_DEFER_ACCEPT, 1); err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// Listen makes a socket that is ready to accept connections at a port of the
// machine itself.
func Listen(port int) (fd int, err error) {
	fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		unix.Close(fd)
		return -1, err
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1); err != nil {
		unix.Close(fd)
		return -1, err
	}
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_DEFER_ACCEPT, 1); err != nil {
		unix.Close(fd)
		return -1, err
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}
