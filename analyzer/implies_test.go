// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/parser"
	"go/token"
	"testing"
)

func TestImplies(t *testing.T) {
	config := func(name, build string) buildConfig {
		src := "package p\n"
		if build != "" {
			src = "//go:build " + build + "\n\n" + src
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		return configOf(name, f)
	}
	for _, c := range []struct {
		name, build   string
		other, obuild string
		want          bool
	}{
		{"a.go", "", "b.go", "", true},
		{"a_linux.go", "", "b.go", "", true},
		{"a.go", "", "b_linux.go", "", false},
		{"a_linux.go", "", "b.go", "!windows", true},
		{"a.go", "!windows", "b_linux.go", "", false},
		{"a_linux.go", "", "b.go", "unix", true},
		{"a_linux.go", "", "b.go", "linux", true},
		{"a.go", "linux", "b_linux.go", "", true}, // GOOS=android, too
		{"a.go", "android", "b_linux.go", "", true},
		{"a_linux.go", "", "b.go", "!android", false},
		{"a_linux.go", "cgo", "b.go", "linux && cgo", true},
		{"a_linux.go", "", "b.go", "linux && cgo", false},
		{"a_linux_amd64.go", "", "b_linux.go", "amd64 || arm64", true},
		{"a_linux.go", "", "b_linux.go", "amd64 || arm64", false},
		{"a.go", "x && !x", "b.go", "y", true},
		{"a.go", "a || b || c || d || e || f || g", "b.go", "a || b || c || d || e || f || g || h", false},
	} {
		a, b := config(c.name, c.build), config(c.other, c.obuild)
		if got := a.implies(b); got != c.want {
			t.Errorf("%s %q, %s %q: %t", c.name, c.build, c.other, c.obuild, got)
		}
	}
}
