// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package traptest

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// sourceFaults compares a program's files before and after a rewrite and says
// what a reviewer would object to, whatever the program does when it runs.
func sourceFaults(before, after map[string]string) (format, comment []string) {
	for _, name := range slices.Sorted(maps.Keys(before)) {
		x, y := before[name], after[name]
		if _, ok := after[name]; !ok {
			comment = append(comment, name+": the file is gone")
			continue
		}
		if x == y {
			continue
		}
		if !strings.HasSuffix(name, ".go") {
			comment = append(comment, name+": not a Go file, but changed")
			continue
		}
		if generated(x) {
			comment = append(comment, name+": a generated file was changed")
		}
		if gofmtClean(x) && !gofmtClean(y) {
			format = append(format, name+": no longer gofmt-clean")
		}
		if msg := commentFault(x, y); msg != "" {
			comment = append(comment, name+": "+msg)
		}
		if header(x) != header(y) {
			comment = append(comment, name+": text above the package clause changed")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if _, ok := before[name]; !ok {
			comment = append(comment, name+": a file that was not there before")
		}
	}
	return format, comment
}

func generated(src string) bool {
	f, err := parser.ParseFile(token.NewFileSet(), "x.go", src, parser.ParseComments|parser.PackageClauseOnly)
	return err == nil && ast.IsGenerated(f)
}

func gofmtClean(src string) bool {
	out, err := format.Source([]byte(src))
	return err == nil && string(out) == src
}

// header is the text up to the package clause: licence, build constraints, tags.
func header(src string) string {
	i := strings.Index("\n"+src, "\npackage ")
	if i < 0 {
		return ""
	}
	return src[:i]
}

// commentFault demands that every comment of x is still there in y, and in the
// old order (y may hold new ones between).
func commentFault(x, y string) string {
	cx, err := comments(x)
	if err != nil {
		return ""
	}
	cy, err := comments(y)
	if err != nil {
		return "" // reported as a build failure
	}
	i := 0
	for _, c := range cx {
		j := slices.Index(cy[i:], c)
		if j < 0 {
			if slices.Contains(cy, c) {
				return fmt.Sprintf("comment %q moved before another", c)
			}
			return fmt.Sprintf("comment %q is gone or changed", c)
		}
		i += j + 1
	}
	return ""
}

func comments(src string) ([]string, error) {
	f, err := parser.ParseFile(token.NewFileSet(), "x.go", src, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, g := range f.Comments {
		for _, c := range g.List {
			out = append(out, c.Text)
		}
	}
	return out, nil
}

// sourceDiff is the unified diff of a program's files.
func sourceDiff(before, after map[string]string) string {
	all := maps.Clone(before)
	maps.Copy(all, after)
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if before[name] != after[name] {
			b.Write(diff.Diff("original/"+name, []byte(before[name]), "rewritten/"+name, []byte(after[name])))
		}
	}
	return b.String()
}
