// SPDX-License-Identifier: BSD-3-Clause

package rtdecl

import (
	"bytes"
	"go/ast"
	"go/build"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// signatures lists the exported functions and methods that a set of files declares.
func signatures(t *testing.T, fset *token.FileSet, files []*ast.File) []string {
	t.Helper()
	var list []string
	for _, f := range files {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || !fn.Name.IsExported() {
				continue
			}
			if fn.Recv != nil && fn.Name.Name == "Error" {
				continue
			}
			fn.Doc, fn.Body = nil, nil
			if fn.Name.Name == "Load" {
				fn.Type.TypeParams = nil // spelled with a named constraint in batchrt
			}
			var b bytes.Buffer
			if err := format.Node(&b, fset, fn); err != nil {
				t.Fatal(err)
			}
			list = append(list, b.String())
		}
	}
	sort.Strings(list)
	return list
}

// TestSame compares the declarations with batchrt's source, system by system.
func TestSame(t *testing.T) {
	dir := filepath.Join("..", "..", "batchrt")
	for _, port := range []string{"linux/amd64", "linux/arm64", "linux/386", "linux/riscv64", "linux/s390x", "darwin/arm64", "freebsd/amd64",
		"netbsd/amd64", "openbsd/amd64", "dragonfly/amd64", "solaris/amd64", "aix/ppc64"} {
		for _, tags := range [][]string{nil, {"race"}} {
			goos, goarch, _ := strings.Cut(port, "/")
			ctx := build.Default
			ctx.GOOS, ctx.GOARCH, ctx.BuildTags = goos, goarch, tags
			ctx.CgoEnabled = false
			names, err := filepath.Glob(filepath.Join(dir, "*.go"))
			if err != nil {
				t.Fatal(err)
			}
			fset := token.NewFileSet()
			var files []*ast.File
			for _, name := range names {
				if strings.HasSuffix(name, "_test.go") {
					continue
				}
				if ok, err := ctx.MatchFile(dir, filepath.Base(name)); err != nil {
					t.Fatal(err)
				} else if !ok {
					continue
				}
				src, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				f, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
				if err != nil {
					t.Fatal(err)
				}
				files = append(files, f)
			}
			want := signatures(t, fset, files)
			f, err := parser.ParseFile(fset, "rtdecl.go", SourceFor(goos, goarch), parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			got := signatures(t, fset, []*ast.File{f})
			if len(want) < 60 {
				t.Errorf("%s %v: only %d functions found in batchrt", port, tags, len(want))
			}
			compare(t, port+" "+strings.Join(tags, ","), got, want)
		}
	}
}

func compare(t *testing.T, what string, got, want []string) {
	t.Helper()
	in := func(list []string, s string) bool {
		i := sort.SearchStrings(list, s)
		return i < len(list) && list[i] == s
	}
	for _, s := range got {
		if !in(want, s) {
			t.Errorf("%s: batchrt lacks %s", what, s)
		}
	}
	for _, s := range want {
		if !in(got, s) {
			t.Errorf("%s: declarations lack %s", what, s)
		}
	}
}

func TestHas(t *testing.T) {
	for _, c := range []struct {
		name, goos, goarch string
		want               bool
	}{
		{"Fstat", "linux", "386", true},
		{"Fstat", "darwin", "arm64", true},
		{"SysFstat", "linux", "arm64", true},
		{"Cachestat", "freebsd", "amd64", false},
		{"Syscall6", "linux", "amd64", true},
		{"Syscall6", "darwin", "arm64", false},
		{"Fstat", "windows", "amd64", false},
		{"NoSuch", "linux", "amd64", false},
	} {
		if got := Has(c.name, c.goos, c.goarch); got != c.want {
			t.Errorf("Has(%s, %s, %s) = %v", c.name, c.goos, c.goarch, got)
		}
	}
}
