// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// file is a file of the tree that is copied from.
type file struct {
	name string
	st   unix.Stat_t
}

func look(root string, names []string) (files []file, failed []error) {
	for _, name := range names {
		path := filepath.Join(root, name)
		var st unix.Stat_t
		if err := unix.Lstat(path, &st); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", path, err))
			continue
		}
		files = append(files, file{name, st})
	}
	return files, failed
}

// apply gives the file to what the file from has, which is in st for the most
// part. The owner comes first, for a new owner costs a file its set-user-ID bit
// and its capabilities.
func apply(from, to string, st *unix.Stat_t) error {
	var list [4096]byte
	times := []unix.Timespec{st.Atim, st.Mtim}
	if err := unix.Lchown(to, int(st.Uid), int(st.Gid)); err != nil {
		return fmt.Errorf("owner of %s: %w", to, err)
	}
	if st.Mode&unix.S_IFMT != unix.S_IFLNK {
		if err := unix.Chmod(to, st.Mode&0o7777); err != nil {
			return fmt.Errorf("mode of %s: %w", to, err)
		}
	}
	if err := unix.UtimesNanoAt(unix.AT_FDCWD, to, times, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return fmt.Errorf("times of %s: %w", to, err)
	}
	n, err := unix.Llistxattr(from, list[:])
	if err == unix.ENOTSUP {
		return nil // the file system has none
	}
	if err != nil {
		return fmt.Errorf("attributes of %s: %w", from, err)
	}
	if n == 0 {
		return nil
	}
	return copyAttributes(from, to, strings.Split(string(list[:n-1]), "\x00"))
}

type attribute struct {
	name  string
	value []byte
}

// copyAttributes reads all attributes before it writes the first one.
func copyAttributes(from, to string, names []string) error {
	var list []attribute
	var buf [65536]byte // no value is larger
	for _, name := range names {
		n, err := unix.Lgetxattr(from, name, buf[:])
		if err != nil {
			return fmt.Errorf("attribute %s of %s: %w", name, from, err)
		}
		list = append(list, attribute{name, bytes.Clone(buf[:n])})
	}
	for _, a := range list {
		if err := unix.Lsetxattr(to, a.name, a.value, 0); err != nil {
			return fmt.Errorf("attribute %s of %s: %w", a.name, to, err)
		}
	}
	return nil
}
