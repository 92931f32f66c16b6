// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// Versions of this repository's modules that the test's proxy serves.
const (
	batchrtVersion = "v0.9.0"
	ownRelease     = "v0.9.0"
)

// newProxy makes a module proxy in dir: this repository's two modules at a
// version, and small made-up modules that scripts need.
func newProxy(t *testing.T, dir string) string {
	t.Helper()
	proxy := &proxyDir{t, dir}
	proxy.fromDir(module.Version{Path: runtimePath, Version: batchrtVersion}, filepath.Join(root, "batchrt"))
	proxy.fromDir(module.Version{Path: "github.com/autobatch/autobatch", Version: ownRelease}, root)

	// An old x/sys, below the one that batchrt requires, with go line to match.
	proxy.fromFiles(module.Version{Path: "golang.org/x/sys", Version: "v0.1.0"}, map[string]string{
		"go.mod":      "module golang.org/x/sys\n\ngo 1.17\n",
		"unix/old.go": "// Package unix stands in for an old one.\npackage unix\n",
	})
	proxy.fromFiles(module.Version{Path: "example.com/dep", Version: "v1.0.0"}, map[string]string{
		"go.mod": "module example.com/dep\n\ngo 1.23.0\n\nrequire golang.org/x/sys v0.33.0\n",
		"dep.go": `package dep

import "golang.org/x/sys/unix"

func Two(a, b string) error {
	var s, t unix.Stat_t
	if err := unix.Lstat(a, &s); err != nil {
		return err
	}
	if err := unix.Lstat(b, &t); err != nil {
		return err
	}
	return nil
}
`,
	})
	return dir
}

type proxyDir struct {
	t   *testing.T
	dir string
}

// fromDir serves the module in src.
func (p *proxyDir) fromDir(v module.Version, src string) {
	p.t.Helper()
	gomod, err := os.ReadFile(filepath.Join(src, "go.mod"))
	if err != nil {
		p.t.Fatal(err)
	}
	at := p.describe(v, gomod)
	f, err := os.Create(at + ".zip")
	if err != nil {
		p.t.Fatal(err)
	}
	defer f.Close()
	if err := zip.CreateFromDir(f, v, src); err != nil {
		p.t.Fatal(err)
	}
}

// fromFiles serves a module made of the files.
func (p *proxyDir) fromFiles(v module.Version, files map[string]string) {
	p.t.Helper()
	src := p.t.TempDir()
	for name, data := range files {
		path := filepath.Join(src, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			p.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
			p.t.Fatal(err)
		}
	}
	p.fromDir(v, src)
}

// describe writes what a proxy says about a version beside its zip file, and
// returns the path of the latter without ".zip".
func (p *proxyDir) describe(v module.Version, gomod []byte) string {
	p.t.Helper()
	esc, err := module.EscapePath(v.Path)
	if err != nil {
		p.t.Fatal(err)
	}
	dir := filepath.Join(p.dir, filepath.FromSlash(esc), "@v")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		p.t.Fatal(err)
	}
	at := filepath.Join(dir, v.Version)
	for name, data := range map[string]string{
		at + ".info":               fmt.Sprintf("{\"Version\":%q,\"Time\":\"2026-01-02T03:04:05Z\"}", v.Version),
		at + ".mod":                string(gomod),
		filepath.Join(dir, "list"): v.Version + "\n",
	} {
		if err := os.WriteFile(name, []byte(data), 0o644); err != nil {
			p.t.Fatal(err)
		}
	}
	return at
}
