// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// walker adds up trees.
type walker struct {
	buf    [32768]byte // what the kernel writes directory entries to
	failed []error     // what could not be looked at
}

// tree is the size of what is at path and of all that is below it.
func (w *walker) tree(path string) (int64, error) {
	var st unix.Stat_t
	if err := unix.Lstat(path, &st); err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	if st.Mode&unix.S_IFMT != unix.S_IFDIR {
		return st.Size, nil
	}
	return st.Size + w.folder(unix.AT_FDCWD, path, path), nil
}

// folder is the size of what is in the folder that the open folder parent knows
// by name; messages call it path. Names are looked up from folder to folder, so
// that a path's length does not matter.
func (w *walker) folder(parent int, name, path string) int64 {
	fd, err := unix.Openat(parent, name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		w.failed = append(w.failed, fmt.Errorf("%s: %w", path, err))
		return 0
	}
	defer unix.Close(fd)
	names, err := w.names(fd)
	if err != nil {
		w.failed = append(w.failed, fmt.Errorf("%s: %w", path, err))
	}
	var bytes int64
	var folders []string
	for _, name := range names {
		var st unix.Stat_t
		if err := unix.Fstatat(fd, name, &st, unix.AT_SYMLINK_NOFOLLOW); err != nil {
			w.failed = append(w.failed, fmt.Errorf("%s/%s: %w", path, name, err))
			continue
		}
		bytes += st.Size
		if st.Mode&unix.S_IFMT == unix.S_IFDIR {
			folders = append(folders, name)
		}
	}
	for _, name := range folders {
		bytes += w.folder(fd, name, path+"/"+name)
	}
	return bytes
}

// names lists an open folder.
func (w *walker) names(fd int) (names []string, err error) {
	for {
		n, err := unix.ReadDirent(fd, w.buf[:])
		if err != nil || n <= 0 {
			return names, err
		}
		_, _, names = unix.ParseDirent(w.buf[:n], -1, names)
	}
}
