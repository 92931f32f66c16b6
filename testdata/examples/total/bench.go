// SPDX-License-Identifier: BSD-3-Clause

//go:build bench

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"examples.example/examples/measure"
)

// Bench prepares rounds in an empty folder. The files are short, for adding up is
// the same work in both programs, but how fast depends on where in memory the
// compiler happens to put it.
func Bench(dir string) (rounds []measure.Round, err error) {
	for _, size := range []int{10, 100} {
		path := filepath.Join(dir, fmt.Sprint(size))
		if err := os.WriteFile(path, bytes.Repeat([]byte{3}, size), 0o644); err != nil {
			return nil, err
		}
		rounds = append(rounds, measure.Round{
			Name: fmt.Sprintf("a file of %d bytes", size),
			Work: func() error {
				n, err := total(path)
				if err == nil && n != uint64(3*size) {
					err = fmt.Errorf("%d, want %d", n, 3*size)
				}
				return err
			},
		})
	}
	return rounds, nil
}
