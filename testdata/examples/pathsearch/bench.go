// SPDX-License-Identifier: BSD-3-Clause

//go:build bench

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"examples.example/examples/measure"
)

// Bench prepares rounds in an empty folder: how far down the list the file is
// decides what there is to win, for the paths of a whole strip are made ahead.
func Bench(dir string) (rounds []measure.Round, err error) {
	var folders []string
	for i := range 24 {
		folder := filepath.Join(dir, fmt.Sprint("lib", i))
		if err := os.Mkdir(folder, 0o755); err != nil {
			return nil, err
		}
		folders = append(folders, folder)
	}
	list := strings.Join(folders, ":")
	for _, at := range []int{0, 1, 3, 7, 15, 23} {
		name := fmt.Sprintf("lib-%d.so", at)
		if err := os.WriteFile(filepath.Join(folders[at], name), nil, 0o644); err != nil {
			return nil, err
		}
		rounds = append(rounds, measure.Round{
			Name: fmt.Sprintf("24 folders, found in number %d", at+1),
			Work: func() error {
				_, fd, err := find(list, name)
				if err != nil {
					return err
				}
				return unix.Close(fd)
			},
		})
	}
	return rounds, nil
}
