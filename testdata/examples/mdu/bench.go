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
	for d := range 4 {
		folder := filepath.Join(dir, fmt.Sprint("folder", d))
		if err := os.Mkdir(folder, 0o755); err != nil {
			return nil, err
		}
		for f := range 40 {
			if err := os.WriteFile(filepath.Join(folder, fmt.Sprint("file", f)), make([]byte, 10*f), 0o644); err != nil {
				return nil, err
			}
		}
	}
	w := &walker{}
	return []measure.Round{{
		Name: "4 folders with 40 files each",
		Work: func() error {
			n, err := w.tree(dir)
			if n < 4*10*39*40/2 {
				return fmt.Errorf("only %d bytes", n)
			}
			return errors.Join(append(w.failed, err)...)
		},
	}}, nil
}
