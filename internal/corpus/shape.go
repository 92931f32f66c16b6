// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/autobatch/autobatch/rewrite"
)

// shape looks at the changed files themselves: that files which were
// formatted still are, that no comment is lost, and that go.mod has nothing
// but the new requirement. It counts the batches.
func (r *result) shape(before, after snapshot, names []string) {
	for _, name := range names {
		was, is := before[name], after[name]
		switch {
		case was == nil && name != "go.sum" || is == nil:
			r.problem(name+" appeared or vanished", "")
		case filepath.Base(name) == "go.mod":
			if line := otherLine(was, is); line != "" {
				r.problem("go.mod changed in more than the requirement of batchrt: "+line, "")
			}
		case strings.HasSuffix(name, ".go"):
			r.Changed++
			r.file(name, was, is)
		}
	}
}

func (r *result) file(name string, was, is []byte) {
	if formatted(was) && !formatted(is) {
		r.problem(name+" is no longer formatted as gofmt does", "")
	}
	old, err := parse(was)
	if err != nil {
		r.problem(name, err.Error())
		return
	}
	now, err := parse(is)
	if err != nil {
		r.problem(name+" rewritten does not parse", err.Error())
		return
	}
	if a, b := comments(old), comments(now); !slices.Equal(a, b) {
		r.problem(name+": comments were lost or made", fmt.Sprintf("lost: %q\nmade: %q", without(a, b), without(b, a)))
	}
	r.Rewritten += len(batches(now))
}

func formatted(src []byte) bool {
	out, err := format.Source(src)
	return err == nil && bytes.Equal(out, src)
}

// source is a parsed file with the positions that belong to it.
type source struct {
	*ast.File
	fset *token.FileSet
}

func parse(src []byte) (source, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", src, parser.ParseComments|parser.SkipObjectResolution)
	return source{f, fset}, err
}

// comments lists the comments of a file, sorted: arguments move to the table
// with those that stand between them.
func comments(f source) []string {
	var list []string
	for _, g := range f.Comments {
		for _, c := range g.List {
			list = append(list, c.Text)
		}
	}
	slices.Sort(list)
	return list
}

// without lists what is in a and not in b.
func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}

// batches are the calls of batchrt.Run, under whatever name it is imported.
func batches(f source) []*ast.CallExpr {
	name := ""
	for _, s := range f.Imports {
		if p, err := strconv.Unquote(s.Path.Value); err == nil && p == rewrite.RuntimePath {
			name = "batchrt"
			if s.Name != nil {
				name = s.Name.Name
			}
		}
	}
	var list []*ast.CallExpr
	ast.Inspect(f.File, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Run" {
			if id, ok := sel.X.(*ast.Ident); ok && id.Name == name {
				list = append(list, call)
			}
		}
		return true
	})
	return list
}

// otherLine returns a line in which two go.mod files differ, batchrt's
// requirement and replacement not counted, or "".
func otherLine(was, is []byte) string {
	a, errA := modLines(was)
	b, errB := modLines(is)
	switch {
	case errA != nil:
		return errA.Error()
	case errB != nil:
		return errB.Error()
	}
	for l := range b {
		if !a[l] {
			return l
		}
	}
	for l := range a {
		if !b[l] {
			return "without " + l
		}
	}
	return ""
}

func modLines(data []byte) (map[string]bool, error) {
	f, err := modfile.Parse("go.mod", data, nil)
	if err != nil {
		return nil, err
	}
	lines := map[string]bool{"module " + f.Module.Mod.Path: true}
	if f.Go != nil {
		lines["go "+f.Go.Version] = true
	}
	if f.Toolchain != nil {
		lines["toolchain "+f.Toolchain.Name] = true
	}
	for _, g := range f.Godebug {
		lines["godebug "+g.Key+"="+g.Value] = true
	}
	for _, q := range f.Require {
		if q.Mod.Path != rewrite.RuntimePath {
			lines["require "+q.Mod.String()] = true
		}
	}
	for _, q := range f.Replace {
		if q.Old.Path != rewrite.RuntimePath {
			lines["replace "+q.Old.String()+" => "+q.New.String()] = true
		}
	}
	return lines, nil
}
