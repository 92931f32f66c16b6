// SPDX-License-Identifier: BSD-3-Clause

//go:build bench

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"examples.example/examples/measure"
)

// Bench prepares rounds in an empty folder.
func Bench(dir string) ([]measure.Round, error) {
	var paths []string
	for i := range 64 {
		path := filepath.Join(dir, fmt.Sprint("file", i))
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	return []measure.Round{{
		Name: "64 files",
		Work: func() error {
			files, failed := look(paths)
			if len(files) != len(paths) {
				return errors.Join(failed...)
			}
			return nil
		},
	}}, nil
}
