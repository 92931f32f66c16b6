// SPDX-License-Identifier: BSD-3-Clause

package rewrite

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"

	"github.com/autobatch/autobatch/internal/rtdecl"
	"github.com/autobatch/autobatch/internal/verify"
	"github.com/autobatch/autobatch/plan"
)

// Edited is the package with one file rewritten, type-checked.
type Edited struct {
	Src   []byte
	File  *ast.File
	Files []*ast.File // the whole package
	Info  *types.Info
	Pkg   *types.Package
}

// Check type-checks the package with the edits made to in.File. The run-time
// library is known by its declarations alone: neither go vet nor a module that
// does not require it yet has its export data. Positions of the result are in
// in.Fset. The error is the first one in the edited file.
func Check(in Input, edits []plan.Edit) (*Edited, error) {
	src, err := splice(in.Content, edits)
	if err != nil {
		return nil, err
	}
	name := in.Fset.File(in.File.FileStart).Name()
	edited, err := parser.ParseFile(in.Fset, name, src, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		return nil, err
	}
	out := &Edited{Src: src, File: edited, Info: &types.Info{
		Types:        map[ast.Expr]types.TypeAndValue{},
		Instances:    map[*ast.Ident]types.Instance{},
		Defs:         map[*ast.Ident]types.Object{},
		Uses:         map[*ast.Ident]types.Object{},
		Implicits:    map[ast.Node]types.Object{},
		FileVersions: map[*ast.File]string{},
		Selections:   map[*ast.SelectorExpr]*types.Selection{},
		Scopes:       map[ast.Node]*types.Scope{},
	}}
	for _, g := range in.Files {
		if g == in.File {
			g = edited
		}
		out.Files = append(out.Files, g)
	}
	var first error
	conf := types.Config{
		Importer:    newImporter(in.Pkg),
		GoVersion:   in.Pkg.GoVersion(),
		Sizes:       in.Sizes,
		FakeImportC: true,
		Error: func(err error) {
			var te types.Error
			if errors.As(err, &te) && (te.Pos < edited.FileStart || te.Pos > edited.FileEnd) {
				return // not of our making
			}
			if first == nil {
				first = err
			}
		},
	}
	out.Pkg, _ = conf.Check(in.Pkg.Path(), in.Fset, out.Files, out.Info)
	return out, first
}

// faults says which of the regions must not be rewritten, and why.
func (f *file) faults(e *Edits) map[*Region]error {
	wrong := map[*Region]error{}
	ed, err := Check(f.Input, e.All())
	if err != nil {
		// One of them is at fault: those that are right by themselves stay.
		for _, r := range e.Regions {
			if _, err := Check(f.Input, f.edits([]*Region{r}).All()); err != nil {
				wrong[r] = fmt.Errorf("the rewritten code would not compile: %w", err)
			}
		}
		if len(wrong) == 0 { // only together they fail
			for _, r := range e.Regions {
				wrong[r] = fmt.Errorf("the rewritten file would not compile: %w", err)
			}
		}
		return wrong
	}
	proven := map[*ast.FuncDecl]error{}
	several := map[*ast.FuncDecl]int{}
	for _, r := range e.Regions {
		several[r.Decl]++
		if _, done := proven[r.Decl]; !done {
			proven[r.Decl] = f.prove(r.Decl, ed)
		}
	}
	refused := func(err error) error { return fmt.Errorf("the batch could not be proven equal: %w", err) }
	for d, err := range proven {
		if err == nil || several[d] == 1 {
			continue
		}
		// One of them is at fault: those that are right by themselves stay.
		alone := map[*Region]error{}
		for _, r := range e.Regions {
			if r.Decl != d {
				continue
			}
			ed, bad := Check(f.Input, f.edits([]*Region{r}).All())
			if bad == nil {
				bad = f.prove(d, ed)
			}
			if bad != nil {
				alone[r] = bad
				wrong[r] = refused(bad)
			}
		}
		if len(alone) > 0 {
			proven[d] = nil
		}
	}
	for _, r := range e.Regions {
		if err := proven[r.Decl]; err != nil {
			wrong[r] = refused(err)
		}
	}
	return wrong
}

// prove holds the edited function against the original. Both files have the
// same declarations in the same order.
func (f *file) prove(d *ast.FuncDecl, ed *Edited) error {
	var edited *ast.FuncDecl
	for i, x := range f.File.Decls {
		if x == ast.Decl(d) && i < len(ed.File.Decls) {
			edited, _ = ed.File.Decls[i].(*ast.FuncDecl)
		}
		// An import declaration that was added stands before all of them.
		if x == ast.Decl(d) && len(ed.File.Decls) != len(f.File.Decls) {
			if j := i + len(ed.File.Decls) - len(f.File.Decls); j >= 0 {
				edited, _ = ed.File.Decls[j].(*ast.FuncDecl)
			}
		}
	}
	if edited == nil {
		return errors.New("the function is gone")
	}
	return verify.Func(
		verify.Side{Fset: f.Fset, Info: f.Info, Pkg: f.Pkg, Decl: d, Src: f.Content, Files: f.Files, Pure: f.Pure, Assume: f.assumed(d), Gone: f.gone(d)},
		verify.Side{Fset: f.Fset, Info: ed.Info, Pkg: ed.Pkg, Decl: edited, Src: ed.Src},
	)
}

// gone are the declarations in a function that its rewrite does without.
func (f *file) gone(d *ast.FuncDecl) map[*ast.Ident]bool {
	list := map[*ast.Ident]bool{}
	for _, r := range f.Regions {
		if r.Decl == d {
			for _, id := range r.Blank {
				list[id] = true
			}
		}
	}
	return list
}

// assumed are the rules that are relaxed in a function.
func (f *file) assumed(d *ast.FuncDecl) map[string]bool {
	for _, r := range f.Regions {
		if r.Decl == d {
			return r.Assume
		}
	}
	return nil
}

// importer finds the packages that the package under analysis already knows,
// and the declarations of batchrt.
type importer struct {
	known map[string]*types.Package
}

func newImporter(pkg *types.Package) *importer {
	imp := &importer{known: map[string]*types.Package{}}
	var add func(p *types.Package)
	add = func(p *types.Package) {
		for _, q := range p.Imports() {
			path := strings.TrimPrefix(q.Path(), "vendor/")
			if imp.known[path] == nil {
				imp.known[path] = q
				add(q)
			}
		}
	}
	add(pkg)
	return imp
}

// Import implements types.Importer.
func (imp *importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if p := imp.known[path]; p != nil {
		return p, nil
	}
	if path == RuntimePath {
		p, err := imp.runtime()
		imp.known[path] = p
		return p, err
	}
	return nil, fmt.Errorf("package %s is not known here", path)
}

// runtime type-checks the declarations of batchrt. What they need of packages
// that are not known here stays undefined, and unusable.
func (imp *importer) runtime() (*types.Package, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "batchrt.go", rtdecl.Source(), parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("the declarations of batchrt: %w", err)
	}
	conf := types.Config{Importer: imp, IgnoreFuncBodies: true, Error: func(error) {}}
	p, _ := conf.Check(RuntimePath, fset, []*ast.File{file}, nil)
	return p, nil
}
