// SPDX-License-Identifier: BSD-3-Clause

// Restore makes a tree of small files in a temporary directory, restores
// their metadata, and checks it.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"examples.example/examples/restore"
)

func main() {
	n, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "restore:", err)
		os.Exit(1)
	}
	fmt.Println("restored and checked", n, "files")
}

func run() (int, error) {
	dir, err := os.MkdirTemp("", "restore")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	entries, err := Tree(dir, 500)
	if err != nil {
		return 0, err
	}
	for i := range entries {
		if err := restore.Apply(&entries[i]); err != nil {
			return 0, err
		}
	}
	for i := range entries {
		if err := restore.Check(&entries[i]); err != nil {
			return 0, err
		}
	}
	missing := restore.Entry{Path: filepath.Join(dir, "missing")}
	fmt.Println("a missing file:", errnoOf(restore.Apply(&missing)))
	return len(entries), nil
}

func errnoOf(err error) error {
	if u, ok := err.(interface{ Unwrap() error }); ok {
		return u.Unwrap()
	}
	return err
}

// Tree makes n files in dir and entries for them.
func Tree(dir string, n int) ([]restore.Entry, error) {
	entries := make([]restore.Entry, n)
	for i := range entries {
		path := filepath.Join(dir, fmt.Sprintf("file%04d", i))
		if err := os.WriteFile(path, []byte("contents"), 0o600); err != nil {
			return nil, err
		}
		at := unix.Timespec{Sec: int64(1000000000 + i)}
		entries[i] = restore.Entry{Path: path, UID: os.Getuid(), GID: os.Getgid(), Mode: 0o640, Times: [2]unix.Timespec{at, at}}
	}
	return entries, nil
}
