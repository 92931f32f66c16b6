// Package predicate holds calls under conditions that are known before the batch.
package predicate

import (
	"fmt"

	"golang.org/x/sys/unix"
)

type options struct {
	nodelay bool
	idle    int
	cork    *bool
}

// Two of the calls are under conditions.
func setup(fd int, o *options) error {
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1); err != nil { // want `4 calls can share one crossing: SetsockoptInt, SetsockoptInt, SetsockoptInt, SetsockoptInt`
		return err
	}
	if o != nil && o.nodelay {
		if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
			return fmt.Errorf("nodelay: %w", err)
		}
	}
	idle := 0
	if o != nil {
		idle = o.idle
	}
	if idle > 0 {
		if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, idle); err != nil {
			return err
		}
	}
	return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
}

// Both branches, and a group that begins under a condition.
func branches(path string, uid, gid int, follow bool) error {
	if follow {
		if err := unix.Chown(path, uid, gid); err != nil { // want `3 calls can share one crossing: Chown, Lchown, Chmod`
			return err
		}
	} else {
		if err := unix.Lchown(path, uid, gid); err != nil {
			return err
		}
	}
	return unix.Chmod(path, 0o600)
}

// Else if, and conditions inside conditions.
func nested(a, b, c string, n int, quick bool) {
	unix.Unlink(a) // want `4 calls can share one crossing: Unlink, Unlink, Rmdir, Unlink`
	if n == 1 {
		unix.Unlink(b)
	} else if n == 2 {
		if !quick {
			unix.Rmdir(b)
		}
	}
	unix.Unlink(c)
}

// A guard with early return.
func guard(fd int, enabled bool, secs int) error {
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1); err != nil { // want `3 calls can share one crossing: SetsockoptInt, SetsockoptInt, SetsockoptInt`
		return err
	}
	if !enabled {
		return nil
	}
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, secs); err != nil {
		return err
	}
	if secs == 0 {
		fmt.Println("none")
		return nil
	}
	return unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, secs)
}

// The calls go on in the branch that the first one's success takes.
func success(path string) {
	fd, err := unix.Open(path, unix.O_RDONLY, 0) // want `3 calls can share one crossing: Open, Syncfs, Close`
	if err == nil {
		if err := unix.Syncfs(fd); err != nil {
			fmt.Println(err)
		}
		unix.Close(fd)
	}
}

func made(dir string) error {
	err := unix.Mkdir(dir, 0o700) // want `2 calls can share one crossing: Mkdir, Lchown`
	if err == nil {
		err = unix.Lchown(dir, 0, 0)
	}
	return err
}

// In each iteration.
func loop(paths []string, uid int, times bool) {
	for _, p := range paths {
		if err := unix.Lchown(p, uid, uid); err != nil { // want `2 calls can share a crossing with those of other iterations: Lchown, Chmod`
			continue
		}
		if times {
			unix.Chmod(p, 0o600)
		}
	}
}

// All calls of an iteration under one condition.
func closeAll(fds []int) {
	for _, fd := range fds {
		if fd >= 0 {
			unix.Fsync(fd) // want `1 call can share a crossing with those of other iterations: Fsync`
		}
	}
}

// Refused: the condition depends on the first call.
func depends(a, b string) {
	var st unix.Stat_t
	unix.Lstat(a, &st)
	if st.Size > 0 {
		unix.Unlink(b)
	}
}

// Refused: the condition may panic.
func panics(a, b string, o *options) {
	unix.Unlink(a)
	if o.nodelay {
		unix.Unlink(b)
	}
}

// Refused: an argument may panic where the condition does not hold.
func argument(a int, o *options) {
	unix.Fsync(a)
	if o.cork != nil {
		unix.SetsockoptInt(a, 0, 0, *b(o.cork))
	}
}

func b(x *bool) *int { return nil }

// Refused: others are woken before the condition is looked at once more.
func woken(fd int, buf []byte) {
	unix.Write(fd, buf)
	if verbose {
		unix.Write(fd, buf)
	}
}

var verbose bool
