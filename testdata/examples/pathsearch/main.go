// SPDX-License-Identifier: BSD-3-Clause

// Pathsearch looks for files along a list of folders, as a linker looks for
// libraries: the first one that can be opened is the one. It prints where it is
// and what it begins with.
//
//	pathsearch folder:folder:... name...
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	if len(args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: pathsearch folder:folder:... name...")
		return 2
	}
	status := 0
	for _, name := range args[1:] {
		path, fd, err := find(args[0], name)
		if err != nil {
			fmt.Fprintf(os.Stderr, "pathsearch: %s: %v\n", name, err)
			status = 1
			continue
		}
		var head [16]byte
		n, err := unix.Read(fd, head[:])
		unix.Close(fd)
		if err != nil {
			fmt.Fprintf(os.Stderr, "pathsearch: %s: %v\n", path, err)
			status = 1
			continue
		}
		fmt.Printf("%s\t%q\n", path, head[:n])
	}
	return status
}

// find opens the first file of that name in a list of folders.
func find(folders, name string) (path string, fd int, err error) {
	for _, folder := range strings.Split(folders, ":") {
		path := filepath.Join(folder, name)
		fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err == nil {
			return path, fd, nil
		}
	}
	return "", -1, unix.ENOENT
}
