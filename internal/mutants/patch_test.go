// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestApply seeds a fault and takes it back.
func TestApply(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a", "x.go")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	const was = "one\ntwo\nthree\n"
	if err := os.WriteFile(path, []byte(was), 0o644); err != nil {
		t.Fatal(err)
	}
	tr := &tree{dir: dir}
	for _, c := range []struct{ patch, want, err string }{
		{"text\n\n--- a/a/x.go\n+++ b/a/x.go\n@@ -9,2 +9,3 @@\n one\n-two\n+2\n+2a\n", "one\n2\n2a\nthree\n", ""},
		{"--- a/a/x.go\n+++ b/a/x.go\n@@ -1 +1 @@\n-four\n+4\n", was, "occur 0 times"},
		{"--- a/a/x.go\n+++ b/../x.go\n@@ -1 +1 @@\n-one\n+1\n", was, "outside"},
		{"only text\n", was, "no change"},
	} {
		restore, err := tr.apply(c.patch)
		if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%q: error %v", c.patch, err)
		}
		if got, _ := os.ReadFile(path); string(got) != c.want {
			t.Errorf("%q makes %q", c.patch, got)
		}
		restore()
		if got, _ := os.ReadFile(path); string(got) != was {
			t.Errorf("%q leaves %q", c.patch, got)
		}
	}
}

// TestPatches holds the patches against the sources that they change: each
// must still say which lines it means.
func TestPatches(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(root, "testdata", "mutants", "*.patch"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 40 {
		t.Errorf("only %d mutants", len(files))
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		hunks, err := parse(string(data))
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(file), err)
		}
		for _, h := range hunks {
			src, err := os.ReadFile(filepath.Join(root, h.file))
			if err != nil {
				t.Errorf("%s: %v", filepath.Base(file), err)
			} else if n := strings.Count(string(src), h.old); n != 1 {
				t.Errorf("%s: the lines to change occur %d times in %s: make the patch anew", filepath.Base(file), n, h.file)
			}
			if h.old == h.new {
				t.Errorf("%s changes nothing", filepath.Base(file))
			}
		}
	}
}
