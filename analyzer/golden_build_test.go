// SPDX-License-Identifier: BSD-3-Clause

package analyzer_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestGoldensBuild puts the goldens in the place of their originals, builds
// and vets them for several systems, and rewrites them once more: nothing may
// change any further.
func TestGoldensBuild(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata")); err != nil {
		t.Fatal(err)
	}
	n := 0
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".golden") {
			return err
		}
		n++
		return os.Rename(path, strings.TrimSuffix(path, ".golden")+".go")
	})
	if err != nil {
		t.Fatal(err)
	}
	if n == 0 {
		t.Fatal("no goldens")
	}
	mod := filepath.Join(dir, "go.mod")
	text, err := os.ReadFile(mod)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.ReplaceAll(text, []byte("../../batchrt"), []byte(filepath.Join(root, "batchrt")))
	if err := os.WriteFile(mod, text, 0o644); err != nil {
		t.Fatal(err)
	}
	run := func(t *testing.T, env []string, name string, args ...string) string {
		t.Helper()
		c := exec.Command(name, args...)
		c.Dir = dir
		c.Env = append(os.Environ(), "GOWORK=off", "CGO_ENABLED=0")
		c.Env = append(c.Env, env...)
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %v: %v\n%s", strings.Join(env, " "), c.Args, err, out)
		}
		return string(out)
	}
	for _, p := range []string{"linux/amd64", "linux/arm64", "linux/386", "darwin/arm64", "freebsd/amd64"} {
		t.Run(p, func(t *testing.T) {
			goos, goarch, _ := strings.Cut(p, "/")
			env := []string{"GOOS=" + goos, "GOARCH=" + goarch}
			pkgs := []string{"./..."}
			if goos != "linux" { // not all are meant for elsewhere
				pkgs = []string{"./straight", "./outcome", "./names", "./imports/..."}
			}
			run(t, env, "go", append([]string{"build"}, pkgs...)...)
			run(t, env, "go", append([]string{"vet"}, pkgs...)...)
		})
	}
	fix := filepath.Join(t.TempDir(), "batchfix")
	c := exec.Command("go", "build", "-o", fix, "./cmd/batchfix")
	c.Dir = root
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("building batchfix: %v\n%s", err, out)
	}
	args := []string{"-l"}
	for _, p := range strings.Fields(run(t, nil, "go", "list", "./...")) {
		if !strings.HasSuffix(p, "/directive") { // whose directives are wrong on purpose
			args = append(args, p)
		}
	}
	if out := run(t, nil, fix, args...); strings.Contains(out, ".go") {
		t.Errorf("rewritten once more:\n%s", out)
	}
}
