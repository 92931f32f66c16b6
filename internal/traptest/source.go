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
// old order. y may hold new ones between; a comment among the arguments of a
// call may go where the argument goes, and one on or above the line of a
// statement that moves goes with it.
func commentFault(x, y string) string {
	cx, err := comments(x)
	if err != nil {
		return ""
	}
	cy, err := comments(y)
	if err != nil {
		return "" // reported as a build failure
	}
	used := make([]bool, len(cy))
	next := 0
	for _, c := range cx {
		at, early := -1, false
		for j, d := range cy {
			if used[j] || d.text != c.text {
				continue
			}
			// A statement that moves may come to share a line with another one.
			if j < next && !c.argument && (c.code == "" || !strings.HasSuffix(d.code, c.code)) {
				early = true
				continue
			}
			at = j
			break
		}
		switch {
		case at >= 0 && c.code != "" && cy[at].code == "":
			return fmt.Sprintf("comment %q no longer stands at its code", c.text)
		case at >= 0:
			used[at] = true
			if !c.argument && at >= next {
				next = at + 1
			}
		case early:
			return fmt.Sprintf("comment %q moved before another", c.text)
		default:
			return fmt.Sprintf("comment %q is gone or changed", c.text)
		}
	}
	return ""
}

type comment struct {
	text     string
	argument bool // among the arguments of a call, and not in a function literal there

	// code is the rest of its line, or what follows on the next lines when there is none:
	// what the comment is about. Braces alone are nothing that one could be about.
	code string
}

func comments(src string) ([]comment, error) {
	f, err := parser.ParseFile(token.NewFileSet(), "x.go", src, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	var out []comment
	for _, g := range f.Comments {
		for _, c := range g.List {
			// The positions are offsets from 1, as the file is alone in its set.
			out = append(out, comment{c.Text, inArguments(f, c), codeAt(src, int(c.Pos())-1, int(c.End())-1)})
		}
	}
	return out, nil
}

// codeAt is the code that a comment at src[from:to] stands at.
func codeAt(src string, from, to int) string {
	begin := strings.LastIndexByte(src[:from], '\n') + 1
	rest := src[to:]
	line, _, _ := strings.Cut(rest, "\n")
	if code := strings.TrimSpace(src[begin:from] + line); code != "" {
		return code
	}
	for line := range strings.Lines(rest) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "//") || strings.HasPrefix(line, "/*") {
			continue
		}
		if strings.Trim(line, "{}()") == "" {
			return ""
		}
		line, _, _ = strings.Cut(line, " //")
		return line
	}
	return ""
}

// inArguments says whether the innermost call or block around a comment is a call.
func inArguments(f *ast.File, c *ast.Comment) bool {
	in := false
	ast.Inspect(f, func(n ast.Node) bool {
		if n == nil || c.Pos() < n.Pos() || c.End() > n.End() {
			return false
		}
		switch n := n.(type) {
		case *ast.CallExpr:
			in = c.Pos() > n.Lparen && c.Pos() < n.Rparen
		case *ast.BlockStmt:
			in = false
		}
		return true
	})
	return in
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
