// SPDX-License-Identifier: BSD-3-Clause

// Statxargv prints a line on every file that is named: mode, links, size,
// attributes, whether the file system knows when the file was made, and name. It
// looks at all of them first, for the columns are as wide as what is in them.
//
//	statxargv path...
package main

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(paths []string) int {
	files, failed := look(paths)
	size := 1
	for _, f := range files {
		size = max(size, len(fmt.Sprint(f.Size)))
	}
	for _, f := range files {
		born := "?"
		if f.Mask&unix.STATX_BTIME != 0 {
			born = "b"
		}
		fmt.Printf("%06o %d %*d %s%s %s\n", f.Mode, f.Nlink, size, f.Size, attributes(f.Attributes), born, f.path)
	}
	for _, err := range failed {
		fmt.Fprintln(os.Stderr, "statxargv:", err)
	}
	if len(failed) > 0 {
		return 1
	}
	return 0
}

type file struct {
	path string
	unix.Statx_t
}

func look(paths []string) (files []file, failed []error) {
	for _, path := range paths {
		var st unix.Statx_t
		err := unix.Statx(unix.AT_FDCWD, path, unix.AT_SYMLINK_NOFOLLOW, unix.STATX_BASIC_STATS|unix.STATX_BTIME, &st)
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", path, err))
			continue
		}
		files = append(files, file{path, st})
	}
	return files, failed
}

// attributes are letters as lsattr has them.
func attributes(bits uint64) string {
	letters := []byte("----")
	for i, a := range []struct {
		bit    uint64
		letter byte
	}{
		{unix.STATX_ATTR_COMPRESSED, 'c'},
		{unix.STATX_ATTR_IMMUTABLE, 'i'},
		{unix.STATX_ATTR_APPEND, 'a'},
		{unix.STATX_ATTR_NODUMP, 'd'},
	} {
		if bits&a.bit != 0 {
			letters[i] = a.letter
		}
	}
	return string(letters)
}
