// SPDX-License-Identifier: BSD-3-Clause

package gen

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// checker finds imports from a module that stands in for the generated one.
func checker(t *testing.T) *Checker {
	t.Helper()
	dir := t.TempDir()
	copyFile := func(to, from string) {
		b, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, to), []byte(Shared(string(b))), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, sub := range []string{"rt", "util"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
		files, _ := filepath.Glob("../" + sub + "/*.go")
		for _, f := range files {
			copyFile(sub+"/"+filepath.Base(f), f)
		}
	}
	copyFile("go.sum", "../../../go.sum")
	gomod, err := os.ReadFile("../../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(gomod), "module github.com/autobatch/autobatch", "module "+Module, 1)
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := NewChecker(dir, append(os.Environ(), "GOWORK=off"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestValid: every program compiles, and follows from its seed alone.
func TestValid(t *testing.T) {
	c := checker(t)
	bad, n := 0, uint64(1000)
	if testing.Short() {
		n = 100
	}
	for seed := range n {
		src := Generate(seed)
		if seed%50 == 0 && Generate(seed) != src {
			t.Errorf("seed %d: two programs", seed)
		}
		if _, err := c.Tidy(src); err != nil {
			t.Errorf("seed %d: %v", seed, err)
			if bad++; bad > 20 {
				t.FailNow()
			}
		}
	}
}
