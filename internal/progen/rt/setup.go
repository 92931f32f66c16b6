// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package rt

import (
	"os"
	"path/filepath"
)

// Setup creates the folder that a program starts in: small files a, b, c and
// d/x, folders d and e, a link l to a, a link m to nothing.
func Setup(dir string) error {
	for _, d := range []string{"d", "e"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return err
		}
	}
	for name, content := range map[string]string{
		"a":   "alpha alpha alpha alpha alpha alpha",
		"b":   "bravo",
		"c":   "charlie charlie charlie charlie charlie charlie charlie charlie charlie",
		"d/x": "x-ray",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			return err
		}
	}
	if err := os.Symlink("a", filepath.Join(dir, "l")); err != nil {
		return err
	}
	return os.Symlink("nothing", filepath.Join(dir, "m"))
}
