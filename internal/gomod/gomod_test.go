// SPDX-License-Identifier: BSD-3-Clause

package gomod

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, data := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func tempDir(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func environ(more ...string) []string {
	return append(append(os.Environ(), "GOWORK=", "GOFLAGS=", "GOPROXY=off", "GOTOOLCHAIN=local"), more...)
}

func TestOpen(t *testing.T) {
	dir := tempDir(t)
	write(t, dir, map[string]string{
		"m/go.mod":             "module example.com/m\n\ngo 1.24\n",
		"m/sub/x.go":           "package sub\n",
		"m/nested/go.mod":      "module example.com/nested\n\ngo 1.24\n",
		"m/nested/x.go":        "package nested\n",
		"v/go.mod":             "module example.com/v\n\ngo 1.24\n",
		"v/vendor/modules.txt": "",
		"w/go.work":            "go 1.24\n\nuse (\n\t./a\n\t./b\n)\n",
		"w/a/go.mod":           "module example.com/a\n\ngo 1.24\n",
		"w/b/go.mod":           "module example.com/b\n\ngo 1.24\n",
	})
	open := func(sub string, more ...string) *Env {
		t.Helper()
		e, err := Open(context.Background(), filepath.Join(dir, sub), environ(more...))
		if err != nil {
			t.Fatal(err)
		}
		return e
	}

	e := open("m/sub")
	if len(e.Modules) != 1 || e.Modules[0].Path != "example.com/m" || e.GoWork != "" || e.Vendor != "" {
		t.Errorf("m: %+v", e)
	}
	if m := e.Owner(filepath.Join(dir, "m/sub/x.go")); m != e.Modules[0] {
		t.Errorf("owner of sub/x.go: %v", m)
	}
	for _, foreign := range []string{"m/nested/x.go", "w/a/a.go", "x.go"} {
		if m := e.Owner(filepath.Join(dir, foreign)); m != nil {
			t.Errorf("owner of %s: %v", foreign, m)
		}
	}

	if e := open("v"); e.Vendor != filepath.Join(dir, "v", "vendor") {
		t.Errorf("v: vendor %q", e.Vendor)
	}
	e = open("v", "GOFLAGS=-mod=mod")
	if e.Vendor != "" || !slices.Equal(e.BuildFlags(), []string{"-mod=readonly"}) {
		t.Errorf("v with flags: %+v, %q", e, e.BuildFlags())
	}

	e = open("w/a")
	if len(e.Modules) != 2 || e.GoWork != filepath.Join(dir, "w", "go.work") {
		t.Errorf("w: %+v", e)
	}
	if m := e.Owner(filepath.Join(dir, "w/b/b.go")); m == nil || m.Path != "example.com/b" {
		t.Errorf("owner of b/b.go: %v", m)
	}
	if e := open("w/a", "GOWORK=off"); e.GoWork != "" || len(e.Modules) != 1 {
		t.Errorf("w with GOWORK=off: %+v", e)
	}

	if _, err := Open(context.Background(), filepath.Join(dir, "m"), environ("GOFLAGS=-modfile=x.mod")); err == nil || !strings.Contains(err.Error(), "unset it") {
		t.Errorf("with -modfile: %v", err)
	}
	if _, err := Open(context.Background(), dir, environ()); !errors.Is(err, ErrNoModule) {
		t.Errorf("outside: %v", err)
	}
}

func TestHas(t *testing.T) {
	dir := tempDir(t)
	write(t, dir, map[string]string{
		"go.mod": "module example.com/m\n\ngo 1.24\n\nrequire (\n\texample.com/a v1.2.3\n\texample.com/b v1.0.0 // indirect\n)\n",
	})
	m := &Module{Path: "example.com/m", Dir: dir, GoMod: filepath.Join(dir, "go.mod")}
	plain, vendored := &Env{}, &Env{Vendor: filepath.Join(dir, "vendor")}
	for _, test := range []struct {
		e    *Env
		path string
		want bool
	}{
		{plain, "example.com/a", true},
		{plain, "example.com/b", true},
		{plain, "example.com/c", false},
		{vendored, "example.com/a", false},
	} {
		if got, err := test.e.Has(m, test.path); got != test.want || err != nil {
			t.Errorf("%s: %v, %v", test.path, got, err)
		}
	}
	write(t, dir, map[string]string{"vendor/example.com/a/a.go": "package a\n"})
	if got, err := vendored.Has(m, "example.com/a"); !got || err != nil {
		t.Errorf("vendored: %v, %v", got, err)
	}
}

func TestDifferences(t *testing.T) {
	before := "module m\n\ngo 1.21\n\ntoolchain go1.21.3\n\ngodebug x=1\n\nrequire a.com/a v1.0.0\n"
	after := "module m\n\ngo 1.23.0\n\ngodebug (\n\tx=1\n\ty=2\n)\n\nrequire a.com/a v1.1.0\n"
	got := directives([]byte(before), []byte(after))
	want := []string{"go 1.21 => 1.23.0", "toolchain go1.21.3 => none", "godebug y none => 2"}
	if !slices.Equal(got, want) {
		t.Errorf("directives: %q, want %q", got, want)
	}
	got = changed(
		map[string]string{"a": "v1", "b": "v1", "c": "v1"},
		map[string]string{"a": "v1", "b": "v2", "d": "v1"})
	if want := []string{"b v1 => v2", "c v1 => none"}; !slices.Equal(got, want) {
		t.Errorf("changed: %q, want %q", got, want)
	}
}

func TestRelative(t *testing.T) {
	m := &Module{Dir: filepath.FromSlash("/src/work/m")}
	for dir, want := range map[string]string{
		"/src/work/m/rt":  "./rt",
		"/src/work/rt":    "../rt",
		"/src/lib/rt":     "../../lib/rt",
		"/opt/batchrt":    "/opt/batchrt",
		"/src/work/m..rt": "../m..rt",
	} {
		if got := m.relative(filepath.FromSlash(dir)); got != want {
			t.Errorf("%s: %q, want %q", dir, got, want)
		}
	}
}

// A module that needs nothing but its own go.mod lines stays as it is when the
// requirement cannot be had.
func TestRequireFails(t *testing.T) {
	dir := tempDir(t)
	const gomod = "module example.com/m\n\ngo 1.24\n"
	write(t, dir, map[string]string{"go.mod": gomod, "m.go": "package m\n"})
	e, err := Open(context.Background(), dir, environ())
	if err != nil {
		t.Fatal(err)
	}
	_, err = e.Require(context.Background(), e.Modules[0], Requirement{Path: "example.com/none", Version: "v1.0.0"})
	refused := (*RefusedError)(nil)
	if !errors.As(err, &refused) || !slices.Equal(refused.Commands, []string{"go get example.com/none@v1.0.0"}) {
		t.Errorf("error %v", err)
	}
	if !strings.Contains(err.Error(), "\n\tgo get example.com/none@v1.0.0") {
		t.Errorf("the message does not name the command: %v", err)
	}
	if data, err := os.ReadFile(filepath.Join(dir, "go.mod")); string(data) != gomod {
		t.Errorf("go.mod: %q, %v", data, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "go.sum")); err == nil {
		t.Error("go.sum was made")
	}
}
