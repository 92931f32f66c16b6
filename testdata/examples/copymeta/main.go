// SPDX-License-Identifier: BSD-3-Clause

// Copymeta gives the files of a tree the owners, modes, times and extended
// attributes that the files of the same names have in another tree, as a backup
// program does once it has written the contents.
//
//	copymeta from to
package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	if len(args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: copymeta from to")
		return 2
	}
	from, to := args[0], args[1]
	names, err := names(from)
	if err != nil {
		fmt.Fprintln(os.Stderr, "copymeta:", err)
		return 1
	}
	files, failed := look(from, names)
	done := 0
	// What is in a folder comes before the folder, whose new mode may forbid
	// to enter it.
	for _, f := range slices.Backward(files) {
		if err := apply(filepath.Join(from, f.name), filepath.Join(to, f.name), &f.st); err != nil {
			failed = append(failed, err)
			continue
		}
		done++
	}
	fmt.Println(done, "files done,", len(failed), "failed")
	for _, err := range failed {
		fmt.Fprintln(os.Stderr, "copymeta:", err)
	}
	if len(failed) > 0 {
		return 1
	}
	return 0
}

// names lists a tree, folders before what is in them.
func names(root string) (names []string, err error) {
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		names = append(names, name)
		return err
	})
	return names, err
}
