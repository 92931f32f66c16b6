// Package outcome holds checks that are decided by the sign of a result.
package outcome

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

func errnoSwitch(p, q string) error {
	switch err := unix.Unlink(p); err { // want `2 calls can share one crossing: Unlink, Mkdir`
	case nil:
	case unix.ENOENT:
		return os.ErrNotExist
	default:
		return err
	}
	return unix.Mkdir(q, 0o755)
}

func condSwitch(p, q string) error {
	err := unix.Unlink(p) // want `2 calls can share one crossing: Unlink, Mkdir`
	switch {
	case err == unix.ENOENT:
		return os.ErrNotExist
	case err != nil:
		return err
	}
	return unix.Mkdir(q, 0o755)
}

// The first success ends the search: the batch goes on after failures.
func search(p, q string) (int, error) {
	fd, err := unix.Open(p, unix.O_RDONLY, 0) // want `2 calls can share one crossing: Open, Open`
	if err == nil {
		return fd, nil
	}
	return unix.Open(q, unix.O_RDONLY, 0)
}

func endOfFile(fd int, a, b []byte) (int, error) {
	n, err := unix.Pread(fd, a, 0) // want `2 calls can share one crossing: Pread, Pread`
	if err != nil {
		return 0, err
	}
	if n == 0 {
		return 0, errors.New("empty")
	}
	return unix.Pread(fd, b, 4096)
}

// Short reads are not visible in the sign.
func short(fd int, a, b []byte) (int, error) {
	n, err := unix.Pread(fd, a, 0)
	if err != nil {
		return 0, err
	}
	if n != len(a) {
		return 0, errors.New("short")
	}
	return unix.Pread(fd, b, 4096)
}

func predicates(p, q, r string) error {
	if err := unix.Unlink(p); os.IsNotExist(err) { // want `3 calls can share one crossing: Unlink, Unlink, Unlink`
		return nil
	}
	if err := unix.Unlink(q); errors.Is(err, unix.ENOENT) || errors.Is(err, os.ErrPermission) {
		return nil
	}
	return unix.Unlink(r)
}
