// Package straight holds the styles of straight-line code that are batched.
package straight

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// Errors are checked in the if statement itself.
func ifInit(p1, p2 string) error {
	var s1, s2 unix.Stat_t
	// the old one
	if err := unix.Lstat(p1, &s1); err != nil { // want `2 calls can share one crossing: Lstat, Lstat`
		return fmt.Errorf("old: %w", err)
	}
	// the new one
	if err := unix.Lstat(p2, &s2); err != nil {
		return fmt.Errorf("new: %w", err)
	}
	return nil
}

// Errors are assigned first, then checked.
func assigned(fd int, buf []byte) (int, error) {
	var st unix.Stat_t
	err := unix.Fstat(fd, &st) // want `3 calls can share one crossing: Fstat, Fchmod, Pread`
	if err != nil {
		return 0, err
	}

	err = unix.Fchmod(fd, 0o600)
	if err != nil {
		return 0, err
	}
	n, err := unix.Pread(fd, buf, 16)
	if err != nil {
		return 0, err
	}
	return n, nil
}

func unchecked(a, b, c int) {
	unix.Close(a) // want `3 calls can share one crossing: Close, Close, Close`
	_ = unix.Close(b)
	unix.Close(c)
}

// The last call is returned as it is.
func tail(path string, uid, gid int) error {
	if err := unix.Lchown(path, uid, gid); err != nil { // want `2 calls can share one crossing: Lchown, Chmod`
		return err
	}
	return unix.Chmod(path, 0o644)
}

// Named results are what deferred code sees.
func named(path string) (st1, st2 unix.Stat_t, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("named: %w", err)
		}
	}()
	if err = unix.Lstat(path, &st1); err != nil { // want `2 calls can share one crossing: Lstat, Stat`
		return
	}
	err = unix.Stat(path, &st2)
	return
}

// The error is wrapped on the way out.
func wrapped(path string) error {
	var st unix.Stat_t
	if err := unix.Access(path, unix.R_OK); err != nil { // want `2 calls can share one crossing: Access, Lstat`
		return err
	}
	return wrap(unix.Lstat(path, &st))
}

func wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("wrapped: %w", err)
}

// Compared in the condition.
func compared(path string) bool {
	var st unix.Stat_t
	if unix.Access(path, unix.R_OK) != nil { // want `2 calls can share one crossing: Access, Lstat`
		return false
	}
	return unix.Lstat(path, &st) == nil
}

type node struct {
	fd   int
	path string
	st   unix.Stat_t
	lst  unix.Stat_t
	errs [2]error
}

// Fields of one object do not overlap.
func (n *node) refresh() {
	n.errs[0] = unix.Fstat(n.fd, &n.st) // want `2 calls can share one crossing: Fstat, Lstat`
	n.errs[1] = unix.Lstat(n.path, &n.lst)
}

// The first call's arguments may do anything: they are evaluated first.
func firstArgument(f func() string, q string) error {
	var st, st2 unix.Stat_t
	if err := unix.Lstat(f(), &st); err != nil { // want `2 calls can share one crossing: Lstat, Lstat`
		return err
	}
	return unix.Lstat(q, &st2)
}

func argumentComments(a, b string) error {
	var s1, s2 unix.Stat_t
	err := unix.Lstat(a /* first */, &s1) // want `2 calls can share one crossing: Lstat, Lstat`
	if err != nil {
		return err
	}
	err = unix.Lstat(
		b,   // the other
		&s2, // goes here
	)
	return err
}

// Two groups in one function, and one inside a handler.
func several(a, b, c int) error {
	if err := unix.Fsync(a); err != nil { // want `2 calls can share one crossing: Fsync, Fsync`
		unix.Close(a) // want `2 calls can share one crossing: Close, Close`
		unix.Close(b)
		return err
	}
	if err := unix.Fsync(b); err != nil {
		return err
	}
	fmt.Println("synced")
	unix.Close(a) // want `3 calls can share one crossing: Close, Close, Close`
	unix.Close(b)
	unix.Close(c)
	return nil
}

func sockopts(fd int) error {
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil { // want `3 calls can share one crossing: SetsockoptInt, SetsockoptInt, SetsockoptInt`
		return err
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1); err != nil {
		return err
	}
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
		return err
	}
	return nil
}

func numbers() (int, int) {
	a := unix.Getpid() // want `3 calls can share one crossing: Getpid, Getppid, Umask`
	b := unix.Getppid()
	unix.Umask(0o22)
	return a, b
}

func inSwitch(k int, a, b string) error {
	switch k {
	case 1:
		if err := unix.Unlink(a); err != nil { // want `2 calls can share one crossing: Unlink, Unlink`
			return err
		}
		return unix.Unlink(b)
	}
	return nil
}

func inLiteral(a, b string) func() error {
	return func() error {
		if err := unix.Unlink(a); err != nil { // want `2 calls can share one crossing: Unlink, Unlink`
			return err
		}
		return unix.Unlink(b)
	}
}

func noProblem(p string) error {
	err := unix.Mkdir(p, 0o755) // want `2 calls can share one crossing: Mkdir, Chmod`
	if err != nil && !errors.Is(err, unix.EEXIST) {
		return err
	}
	return unix.Chmod(p, 0o755)
}

type owner struct{ fd int }

// The object that holds the descriptor must not be collected before the
// batch has run, as it could not be before.
func (o *owner) options() error {
	if err := unix.SetsockoptInt(o.fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil { // want `2 calls can share one crossing: SetsockoptInt, Listen`
		return err
	}
	return unix.Listen(o.fd, 16)
}

func (o *owner) optionsThenMore() (int, error) {
	if err := unix.SetsockoptInt(o.fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil { // want `2 calls can share one crossing: SetsockoptInt, Listen`
		return 0, err
	}
	if err := unix.Listen(o.fd, 16); err != nil {
		return 0, err
	}
	return o.fd, nil
}

func (o *owner) close() {}

// Calling a method does not make the pointer itself anybody else's.
func methodCalled(o *owner) error {
	if err := unix.Fsync(o.fd); err != nil { // want `2 calls can share one crossing: Fsync, Fsync`
		return err
	}
	if err := unix.Fsync(o.fd); err != nil {
		return err
	}
	o.close()
	return nil
}

const debug = false

// What is never compiled keeps nothing alive.
func deadUse(o *owner, fd int) error {
	_ = o.fd
	if err := unix.Fsync(fd); err != nil { // want `2 calls can share one crossing: Fsync, Fsync`
		return err
	}
	err := unix.Fsync(o.fd)
	if debug {
		fmt.Println(o)
	}
	return err
}

// The result goes into a channel.
func sent(dir string, ch chan error) {
	if err := unix.Chdir(dir); err != nil { // want `2 calls can share one crossing: Chdir, Chmod`
		ch <- err
		return
	}
	ch <- unix.Chmod("file", 0o600)
}

// Success takes neither branch.
func elseIf(path string, log func(error)) error {
	if err := unix.Chmod(path, 0o600); err == unix.EPERM || err == unix.ENOENT { // want `2 calls can share one crossing: Chmod, Unlink`
		log(err)
	} else if err != nil {
		return err
	}
	return unix.Unlink(path)
}
