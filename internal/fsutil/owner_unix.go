// SPDX-License-Identifier: BSD-3-Clause

//go:build unix

package fsutil

import (
	"io/fs"
	"os"
	"syscall"
)

// sameOwner gives f the owner and group of the file that it will replace.
func sameOwner(f *os.File, old fs.FileInfo) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	is, ok1 := info.Sys().(*syscall.Stat_t)
	was, ok2 := old.Sys().(*syscall.Stat_t)
	if !ok1 || !ok2 || is.Uid == was.Uid && is.Gid == was.Gid {
		return nil
	}
	return f.Chown(int(was.Uid), int(was.Gid))
}
