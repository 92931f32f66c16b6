// SPDX-License-Identifier: BSD-3-Clause

package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"github.com/autobatch/autobatch/plan"
)

// spec is the text of the import of batchrt.
func (f *file) spec() string {
	if f.rt == "batchrt" {
		return strconv.Quote(RuntimePath)
	}
	return f.rt + " " + strconv.Quote(RuntimePath)
}

// hasImport reports whether the file imports batchrt under the name in use.
func (f *file) hasImport() bool {
	for _, s := range f.File.Imports {
		if p, err := strconv.Unquote(s.Path.Value); err == nil && p == RuntimePath && f.importName(s, "batchrt") == f.rt {
			return true
		}
	}
	return false
}

// addImport adds batchrt beside the imports of other modules, or in a group
// of its own after the standard library's.
func (f *file) addImport() []plan.Edit {
	if f.hasImport() {
		return nil
	}
	var last *ast.GenDecl
	for _, d := range f.File.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.IMPORT {
			break
		}
		last = g
		if !g.Lparen.IsValid() {
			continue
		}
		for _, s := range g.Specs {
			s := s.(*ast.ImportSpec)
			if p, _ := strconv.Unquote(s.Path.Value); strings.Contains(strings.Split(p, "/")[0], ".") {
				at := s.Pos()
				if s.Doc != nil {
					at = s.Doc.Pos()
				}
				o := f.tok.Offset(at)
				return []plan.Edit{{Start: o, End: o, New: f.spec() + "\n" + f.indent(o)}}
			}
		}
	}
	if last.Lparen.IsValid() {
		o := f.tok.Offset(last.Rparen)
		return []plan.Edit{{Start: o, End: o, New: "\n\t" + f.spec() + "\n"}}
	}
	at := last.Pos()
	if last.Doc != nil {
		at = last.Doc.Pos()
	}
	o := f.tok.Offset(at)
	return []plan.Edit{{Start: o, End: o, New: "import " + f.spec() + "\n"}}
}

// dropImports returns the import edits for the case that the regions leave an
// import without a use: batchrt's takes the place of the first, others go.
// Nil when every import stays used.
func (f *file) dropImports(regions []*Region) []plan.Edit {
	left := map[*types.PkgName]int{}
	dots := map[*types.Package]int{}
	count := func(n ast.Node, d int) {
		ast.Inspect(n, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if id, ok := n.X.(*ast.Ident); ok {
					if p, ok := f.Info.Uses[id].(*types.PkgName); ok {
						left[p] += d
						return false
					}
				}
			case *ast.Ident:
				if obj := f.Info.Uses[n]; obj != nil && obj.Pkg() != nil && obj.Parent() == obj.Pkg().Scope() {
					dots[obj.Pkg()] += d
				}
			}
			return true
		})
	}
	count(f.File, 1)
	for _, r := range regions {
		for i, s := range r.Sites {
			if !r.Plan.Entries[i].Resume {
				count(s.Call.Fun, -1)
			}
		}
	}
	var gone []*ast.ImportSpec
	for _, s := range f.File.Imports {
		p, _ := strconv.Unquote(s.Path.Value)
		if p != "golang.org/x/sys/unix" && p != "syscall" {
			continue
		}
		obj := f.Info.Implicits[s]
		if s.Name != nil {
			obj = f.Info.Defs[s.Name]
		}
		name, ok := obj.(*types.PkgName)
		switch {
		case s.Name != nil && s.Name.Name == "_":
		case s.Name != nil && s.Name.Name == ".":
			for pkg, n := range dots {
				if pkg.Path() == p && n == 0 {
					gone = append(gone, s)
				}
			}
		case ok && left[name] == 0:
			gone = append(gone, s)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	var edits []plan.Edit
	if f.hasImport() {
		for _, s := range gone {
			edits = append(edits, f.removeSpec(s))
		}
		return edits
	}
	// A module's import is the natural place, or the only one there is; failing
	// that, a group of its own.
	placed := false
	for _, s := range gone {
		p, _ := strconv.Unquote(s.Path.Value)
		if !placed && !f.commented(s) && (p != "syscall" || !f.importDecl(s).Lparen.IsValid()) {
			edits = append(edits, plan.Edit{Start: f.tok.Offset(s.Pos()), End: f.tok.Offset(s.End()), New: f.spec()})
			placed = true
			continue
		}
		edits = append(edits, f.removeSpec(s))
	}
	if !placed {
		edits = append(edits, f.addImport()...)
	}
	return edits
}

// commented reports whether removing an import could lose a comment: one of
// its own, or one in a declaration that goes with it.
func (f *file) commented(s *ast.ImportSpec) bool {
	if s.Doc != nil || s.Comment != nil {
		return true
	}
	from, to := s.Pos(), s.End()
	if d := f.importDecl(s); len(d.Specs) == 1 {
		if d.Doc != nil {
			return true
		}
		from, to = d.Pos(), d.End()
	}
	for _, g := range f.File.Comments {
		if g.Pos() >= from && g.Pos() < to {
			return true
		}
	}
	return false
}

// removeSpec deletes an import with its line. One with comments of its own
// stays, as a blank import: comments are never lost.
func (f *file) removeSpec(s *ast.ImportSpec) plan.Edit {
	from, to := f.tok.Offset(s.Pos()), f.tok.Offset(s.End())
	decl := f.importDecl(s)
	if f.commented(s) {
		start := from
		return plan.Edit{Start: start, End: to, New: "_ " + s.Path.Value}
	}
	if len(decl.Specs) == 1 {
		from, to = f.tok.Offset(decl.Pos()), f.tok.Offset(decl.End())
	}
	for from > 0 && (f.Content[from-1] == ' ' || f.Content[from-1] == '\t') {
		from--
	}
	end := to
	for end < len(f.Content) && (f.Content[end] == ' ' || f.Content[end] == '\t' || f.Content[end] == ';') {
		end++
	}
	if end < len(f.Content) && f.Content[end] == '\n' && (from == 0 || f.Content[from-1] == '\n') {
		to = end + 1
	}
	return plan.Edit{Start: from, End: to}
}

func (f *file) importDecl(s *ast.ImportSpec) *ast.GenDecl {
	for _, d := range f.File.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
			for _, x := range g.Specs {
				if x == ast.Spec(s) {
					return g
				}
			}
		}
	}
	return &ast.GenDecl{Specs: []ast.Spec{s}, TokPos: s.Pos()}
}
