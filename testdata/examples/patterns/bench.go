// SPDX-License-Identifier: BSD-3-Clause

//go:build bench

package patterns

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
	var names []string
	for i := range 64 {
		name := fmt.Sprint("file", i)
		names = append(names, name)
		if err := os.WriteFile(filepath.Join(dir, name), make([]byte, 4096), 0o644); err != nil {
			return nil, err
		}
	}
	path, buf := filepath.Join(dir, names[0]), make([]byte, 512)
	uid, gid := os.Getuid(), os.Getgid()
	var entries []Entry
	for _, name := range names[:32] {
		entries = append(entries, Entry{filepath.Join(dir, name), uid, gid, 0o600})
	}
	conn, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	return []measure.Round{
		{
			Name: "Size: lstat of 64 files", Goal: 0.95,
			Work: func() error {
				_, err := Size(dir, names)
				return err
			},
		},
		{
			Name: "Restore: lchown, fchmodat of 32 files", Goal: 0.95,
			Work: func() error { return Restore(entries) },
		},
		{
			Name: "Own: lchown, fchmodat of 32 files", Goal: 0.95,
			Work: func() error { return errors.Join(Own(dir, names[:32], uid, gid)...) },
		},
		{
			Name: "Protect: open, fchmod, close of 32 files", Goal: 0.95,
			Work: func() error {
				if n := Protect(dir, names[:32]); n != 32 {
					return fmt.Errorf("%d files, want 32", n)
				}
				return nil
			},
		},
		{
			Name: "Head: open, fstat, pread, close", Goal: 0.95,
			Work: func() error {
				_, _, err := Head(path, buf)
				return err
			},
		},
		{
			Name: "Tune: 5 socket options, 2 conditional", Goal: 0.94,
			Work: func() error { return Tune(conn, Options{NoDelay: true, Idle: 60}) },
		},
		{
			Name: "Tune: the same, conditions not met",
			Work: func() error { return Tune(conn, Options{}) },
		},
		{
			Name: "Socket: socket, 3 options; close",
			Work: func() error {
				fd, err := Socket()
				if err != nil {
					return err
				}
				return unix.Close(fd)
			},
		},
		{
			Name: "Listen: socket, 3 options, bind; close", Goal: 0.96,
			Work: func() error {
				fd, err := Listen(0)
				if err != nil {
					return err
				}
				return unix.Close(fd)
			},
		},
	}, nil
}
