// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package rt

import (
	"os"
	"path/filepath"
)

// Files are the files of the folder that a program starts in, and what they hold.
var Files = [][2]string{
	{"a", "alpha alpha alpha alpha alpha alpha"},
	{"b", "bravo"},
	{"c", "charlie charlie charlie charlie charlie charlie charlie charlie charlie"},
	{"d/x", "x-ray"},
}

// Setup creates the folder that a program starts in: [Files], folders d and e, a
// link l to a, a link m to nothing.
func Setup(dir string) error {
	for _, d := range []string{"d", "e"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return err
		}
	}
	for _, f := range Files {
		if err := os.WriteFile(filepath.Join(dir, f[0]), []byte(f[1]), 0o644); err != nil {
			return err
		}
	}
	if err := os.Symlink("a", filepath.Join(dir, "l")); err != nil {
		return err
	}
	return os.Symlink("nothing", filepath.Join(dir, "m"))
}
