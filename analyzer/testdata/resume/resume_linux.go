// Package resume holds checks whose handlers may let control go on.
package resume

import (
	"log"

	"golang.org/x/sys/unix"
)

// The handler logs and goes on.
func logs(p, q string, m uint32) error {
	err := unix.Chmod(p, m) // want `2 calls can share one crossing: Chmod, Chmod`
	if err != nil {
		log.Print(err)
	}
	err = unix.Chmod(q, m)
	return err
}

// What the handler does decides the next call's argument.
func changes(p, q string) error {
	if err := unix.Unlink(p); err != nil { // want `2 calls can share one crossing: Unlink, Unlink`
		q = p + ".old"
	}
	return unix.Unlink(q)
}

// Only one errno is let through.
func lets(p, q string) error {
	if err := unix.Unlink(p); err != nil && err != unix.ENOENT { // want `3 calls can share one crossing: Unlink, Unlink, Mkdir`
		return err
	}
	if err := unix.Unlink(q); err != nil && err != unix.ENOENT {
		return err
	}
	return unix.Mkdir(q, 0o755)
}

// Several results, a call without any, and a statement of its own.
func forms(fd int, buf []byte) (n int, off int64, err error) {
	n, err = unix.Pread(fd, buf, 0) // want `5 calls can share one crossing: Pread, Seek, Sync, Getpid, Close`
	if err != nil {
		log.Print(err)
	}
	off, err = unix.Seek(fd, 0, 2)
	unix.Sync()
	_ = unix.Getpid()
	unix.Close(fd)
	return
}

func firstKept(a, b, c string) error {
	var first error
	if err := unix.Unlink(a); err != nil && first == nil { // want `3 calls can share one crossing: Unlink, Unlink, Unlink`
		first = err
	}
	if err := unix.Unlink(b); err != nil && first == nil {
		first = err
	}
	if err := unix.Unlink(c); err != nil && first == nil {
		first = err
	}
	return first
}

// A break in a switch clause does not leave.
func switchBreak(p, q string) error {
	err := unix.Unlink(p) // want `2 calls can share one crossing: Unlink, Unlink`
	switch err {
	case nil:
	case unix.ENOENT:
		break
	default:
		return err
	}
	return unix.Unlink(q)
}
