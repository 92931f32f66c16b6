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
	"github.com/autobatch/autobatch/plan"
)

// check type-checks the package with the edits made to the file. The
// run-time library is known by its declarations alone: neither go vet nor a
// module that does not require it yet has its export data.
func (f *file) check(edits []plan.Edit) error {
	out, err := splice(f.Content, edits)
	if err != nil {
		return err
	}
	fset := f.Fset
	edited, err := parser.ParseFile(fset, f.tok.Name(), out, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		return err
	}
	files := []*ast.File{edited}
	for _, g := range f.Files {
		if g != f.File {
			files = append(files, g)
		}
	}
	imp := newImporter(f.Pkg)
	var first error
	conf := types.Config{
		Importer:    imp,
		GoVersion:   f.Pkg.GoVersion(),
		Sizes:       f.Sizes,
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
	_, _ = conf.Check(f.Pkg.Path(), fset, files, nil)
	return first
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
