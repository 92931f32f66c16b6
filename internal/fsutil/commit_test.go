// SPDX-License-Identifier: BSD-3-Clause

package fsutil

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tree writes files and returns a function that tells their paths.
func tree(t *testing.T, files map[string]string) func(string) string {
	t.Helper()
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	for name, data := range files {
		if err := os.MkdirAll(filepath.Dir(path(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path(name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func want(t *testing.T, path, data string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != data {
		t.Errorf("%s holds %q (%v), want %q", path, got, err, data)
	}
}

// only checks that nothing but the named files is left beside them.
func only(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("%s holds %q, want %q", dir, got, names)
	}
}

func TestCommit(t *testing.T) {
	path := tree(t, map[string]string{"a.go": "a", "b.go": "b"})
	if err := os.Chmod(path("b.go"), 0o640); err != nil {
		t.Fatal(err)
	}
	err := Commit([]Change{
		{path("go.sum"), nil, []byte("sum")},
		{path("a.go"), []byte("a"), []byte("A")},
		{path("b.go"), []byte("b"), []byte("B")},
	})
	if err != nil {
		t.Fatal(err)
	}
	want(t, path("a.go"), "A")
	want(t, path("b.go"), "B")
	want(t, path("go.sum"), "sum")
	only(t, path("."), "a.go", "b.go", "go.sum")
	if info, err := os.Stat(path("b.go")); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("mode of b.go: %v %v", info.Mode(), err)
	}
}

func TestCommitRefuses(t *testing.T) {
	for _, test := range []struct {
		name string
		prep func(t *testing.T, path string)
		want string
	}{
		{"changed", func(t *testing.T, p string) { must(t, os.WriteFile(p, []byte("x"), 0o644)) }, "changed since"},
		{"gone", func(t *testing.T, p string) { must(t, os.Remove(p)) }, "no such file"},
		{"read-only", func(t *testing.T, p string) { must(t, os.Chmod(p, 0o444)) }, "read-only"},
		{"link", func(t *testing.T, p string) {
			must(t, os.Rename(p, filepath.Join(filepath.Dir(p), "real")))
			must(t, os.Symlink("real", p))
		}, "symbolic link"},
		{"directory", func(t *testing.T, p string) { must(t, os.Remove(p)); must(t, os.Mkdir(p, 0o755)) }, "not a regular file"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := tree(t, map[string]string{"1/a": "a", "2/b": "b"})
			test.prep(t, path("2/b"))
			err := Commit([]Change{{path("1/a"), []byte("a"), []byte("A")}, {path("2/b"), []byte("b"), []byte("B")}})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
			want(t, path("1/a"), "a")
			only(t, path("1"), "a")
		})
	}
}

// A file that appeared where none was must not be overwritten.
func TestCommitCreates(t *testing.T) {
	path := tree(t, map[string]string{"go.sum": "other"})
	err := Commit([]Change{{path("go.sum"), nil, []byte("sum")}})
	if !errors.Is(err, ErrChanged) {
		t.Errorf("error %v, want ErrChanged", err)
	}
	want(t, path("go.sum"), "other")
}

// The second rename fails: the first file is put back, its mode kept.
func TestRollBack(t *testing.T) {
	path := tree(t, map[string]string{"a": "a", "sub/b": "b"})
	must(t, os.Chmod(path("a"), 0o600))
	stages := []*stage{
		{Change: Change{path("new"), nil, []byte("n")}},
		{Change: Change{path("a"), []byte("a"), []byte("A")}},
	}
	for _, s := range stages {
		must(t, s.prepare())
		must(t, s.swap())
	}
	want(t, path("a"), "A")
	for _, s := range stages {
		must(t, s.undo())
		s.clean()
	}
	want(t, path("a"), "a")
	only(t, path("."), "a", "sub")
	if info, err := os.Stat(path("a")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}

	// The same through Commit: the temporary file of b is taken away between
	// staging and renaming.
	afterStaging = func() {
		entries, _ := filepath.Glob(path("sub/.b.*"))
		for _, e := range entries {
			must(t, os.Remove(e))
		}
	}
	defer func() { afterStaging = func() {} }()
	err := Commit([]Change{{path("a"), []byte("a"), []byte("A")}, {path("sub/b"), []byte("b"), []byte("B")}})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
	want(t, path("a"), "a")
	want(t, path("sub/b"), "b")
	only(t, path("."), "a", "sub")
	only(t, path("sub"), "b")
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
