// SPDX-License-Identifier: BSD-3-Clause

package main

import "golang.org/x/sys/unix"

// reserve makes room for n bytes.
func reserve(path string, n int64) (string, error) {
	if err := unix.Access(path, unix.W_OK); err != nil {
		return "access", err
	}
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return "open", err
	}
	defer unix.Close(fd)
	if err := unix.Fallocate(fd, 0, 0, n); err != nil {
		return "fallocate", err
	}
	if err := unix.Fdatasync(fd); err != nil {
		return "sync", err
	}
	return "fine", nil
}
