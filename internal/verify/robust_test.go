// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/types"
	"path/filepath"
	"testing"
)

// TestEverySyntax reads every expression and executes every function body of
// packages that use most of the language: refusals are fine, other panics are
// not.
func TestEverySyntax(t *testing.T) {
	w, err := theWorld()
	if err != nil {
		t.Fatal(err)
	}
	refusals, functions := 0, 0
	for _, path := range []string{"os", "fmt", "sync", "time", "sort", "errors", "log"} {
		bp, err := build.ImportDir(filepath.Join(build.Default.GOROOT, "src", path), 0)
		if err != nil {
			t.Fatal(err)
		}
		var files []*ast.File
		for _, name := range bp.GoFiles {
			f, err := parser.ParseFile(w.fset, filepath.Join(bp.Dir, name), nil, parser.SkipObjectResolution|parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
		info := &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
			Selections: map[*ast.SelectorExpr]*types.Selection{}, Implicits: map[ast.Node]types.Object{},
		}
		conf := types.Config{Importer: w, Error: func(error) {}}
		p, _ := conf.Check(path, w.fset, files, info)
		for _, f := range files {
			for _, d := range f.Decls {
				d, ok := d.(*ast.FuncDecl)
				if !ok || d.Body == nil {
					continue
				}
				functions++
				s := newSide(Side{Fset: w.fset, Info: info, Pkg: p, Decl: d}, false)
				c := &checker{orig: s, edit: s, equal: map[ast.Node]ast.Node{}, effectsOf: map[ast.Node][]*types.Var{}}
				c.facts = gather(s)
				refusals += try(c, s)
			}
		}
	}
	if functions < 700 || refusals > functions {
		t.Errorf("%d functions, %d refusals", functions, refusals)
	}
}

// try executes the lists of a function, and returns how many are refused.
func try(c *checker, s *side) (refused int) {
	l := looker{s: s, f: c.facts, nonnil: map[string]bool{}}
	var lists [][]ast.Stmt
	ast.Inspect(s.Decl.Body, func(n ast.Node) bool {
		if n == nil {
			return true
		}
		if e, ok := n.(ast.Expr); ok && s.Info.Types[e].Type != nil {
			l.look(e)
			l.pointee(e)
		}
		if list := stmtsOf(n); len(list) > 0 && !isClause(list[0]) {
			lists = append(lists, list)
		}
		return true
	})
	for _, list := range lists {
		func() {
			defer func() {
				if p := recover(); p != nil {
					if _, ok := p.(*Error); !ok {
						panic(p)
					}
					refused = 1
				}
			}()
			d := newDecisions()
			for range 20 {
				c.machine(s, d, map[string]bool{}).all(list, nil)
				if !d.next() {
					break
				}
			}
		}()
	}
	return refused
}
