// SPDX-License-Identifier: BSD-3-Clause

//go:build bench

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"examples.example/examples/measure"
)

// Bench prepares rounds in an empty folder.
func Bench(dir string) ([]measure.Round, error) {
	from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	const n = 16
	var files []string
	for _, folder := range []string{from, to} {
		if err := os.Mkdir(folder, 0o755); err != nil {
			return nil, err
		}
		files = nil
		for i := range n {
			name := fmt.Sprint("file", i)
			files = append(files, name)
			if err := os.WriteFile(filepath.Join(folder, name), nil, 0o644); err != nil {
				return nil, err
			}
		}
	}
	found, failed := look(from, files)
	if len(failed) > 0 {
		return nil, errors.Join(failed...)
	}
	rounds := []measure.Round{
		{
			Name: "what is known about 16 files",
			Work: func() error {
				_, failed := look(from, files)
				return errors.Join(failed...)
			},
		},
		{
			Name: "owner, mode, times of 16 files",
			Work: func() error {
				for i := range found {
					f := &found[i]
					if err := apply(filepath.Join(from, f.name), filepath.Join(to, f.name), &f.st); err != nil {
						return err
					}
				}
				return nil
			},
		},
	}
	var names []string
	for i := range 8 {
		name := fmt.Sprint("user.name", i)
		err := unix.Lsetxattr(filepath.Join(from, "file0"), name, []byte("value"), 0)
		if err == unix.ENOTSUP {
			return rounds, nil
		}
		if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return append(rounds, measure.Round{
		Name: "8 extended attributes of a file",
		Work: func() error {
			return copyAttributes(filepath.Join(from, "file0"), filepath.Join(to, "file0"), names)
		},
	}), nil
}
