// SPDX-License-Identifier: BSD-3-Clause

// Lstatargv prints a line on every file that is named: mode, links, owner,
// group, size and name. It looks at all of them first, for the columns are as
// wide as what is in them.
//
//	lstatargv path...
package main

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(paths []string) int {
	status, links, size := 0, 1, 1
	files := look(paths)
	for _, f := range files {
		links = max(links, len(fmt.Sprint(f.st.Nlink)))
		size = max(size, len(fmt.Sprint(f.st.Size)))
	}
	for _, f := range files {
		if f.err != nil {
			fmt.Fprintf(os.Stderr, "lstatargv: %s: %v\n", f.path, f.err)
			status = 1
			continue
		}
		fmt.Printf("%06o %*d %d:%d %*d %s\n", f.st.Mode, links, f.st.Nlink, f.st.Uid, f.st.Gid, size, f.st.Size, f.path)
	}
	return status
}

type file struct {
	path string
	st   unix.Stat_t
	err  error
}

func look(paths []string) []file {
	files := make([]file, len(paths))
	for i, path := range paths {
		files[i].path = path
		files[i].err = unix.Lstat(path, &files[i].st)
	}
	return files
}
