// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/autobatch/autobatch/internal/rtdecl"
)

// exports finds compiled packages, with one go list for the whole test.
var exports = sync.OnceValues(func() (map[string]string, error) {
	cmd := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}",
		"golang.org/x/sys/unix", "errors", "fmt", "io", "log", "os", "path/filepath", "sort", "strconv", "strings", "sync", "syscall", "time")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	m := map[string]string{}
	for l := range strings.Lines(string(out)) {
		if f := strings.Fields(l); len(f) == 2 {
			m[f[0]] = f[1]
		}
	}
	return m, nil
})

// world is the packages that a test's sources import.
type world struct {
	fset *token.FileSet
	gc   types.Importer
	rt   *types.Package
	own  map[string]*types.Package
}

var theWorld = sync.OnceValues(func() (*world, error) {
	m, err := exports()
	if err != nil {
		return nil, err
	}
	w := &world{fset: token.NewFileSet(), own: map[string]*types.Package{}}
	w.gc = importer.ForCompiler(w.fset, "gc", func(path string) (io.ReadCloser, error) {
		if m[path] == "" {
			return nil, fmt.Errorf("no export data of %s", path)
		}
		return os.Open(m[path])
	})
	f, err := parser.ParseFile(w.fset, "batchrt.go", rtdecl.Source(), parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	conf := types.Config{Importer: w.gc, IgnoreFuncBodies: true}
	w.rt, err = conf.Check(rtdecl.ImportPath, w.fset, []*ast.File{f}, nil)
	return w, err
})

// Import implements types.Importer.
func (w *world) Import(path string) (*types.Package, error) {
	switch path {
	case "unsafe":
		return types.Unsafe, nil
	case rtdecl.ImportPath:
		return w.rt, nil
	}
	if dir, ok := strings.CutPrefix(path, "test.example/t/"); ok { // of the analyzer's test data
		if p := w.own[path]; p != nil {
			return p, nil
		}
		list, err := filepath.Glob(filepath.Join("..", "..", "analyzer", "testdata", dir, "*.go"))
		if err != nil {
			return nil, err
		}
		var files []*ast.File
		for _, name := range list {
			f, err := parser.ParseFile(w.fset, name, nil, parser.SkipObjectResolution)
			if err != nil {
				return nil, err
			}
			files = append(files, f)
		}
		conf := types.Config{Importer: w}
		p, err := conf.Check(path, w.fset, files, nil)
		w.own[path] = p
		return p, err
	}
	return w.gc.Import(path)
}

// assumed are the rules that a function's directives relax.
func assumed(d *ast.FuncDecl) map[string]bool {
	names := map[string]bool{}
	if d.Name.Name == "listed" { // inside
		names["prints"] = true
	}
	if d.Doc != nil {
		for _, c := range d.Doc.List {
			if n, ok := strings.CutPrefix(c.Text, "//batch:assume "); ok {
				names[n] = true
			}
		}
	}
	return names
}

// vouched are the functions of other packages that are known to be pure.
func vouched(fn *types.Func) (Computes, bool) {
	return Computes{}, fn.FullName() == "test.example/t/pure/paths.In"
}

// check type-checks one version of a package of one file.
func (w *world) check(name, src string) (*ast.File, *types.Package, *types.Info, error) {
	f, err := parser.ParseFile(w.fset, name, src, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		return nil, nil, nil, err
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Implicits: map[ast.Node]types.Object{},
	}
	conf := types.Config{Importer: w, GoVersion: "go1.26"}
	p, err := conf.Check("test.example/p", w.fset, []*ast.File{f}, info)
	return f, p, info, err
}

// pair compares two versions of a file, function by function, and joins what
// verify says of them.
func pair(t *testing.T, orig, edited string) error {
	t.Helper()
	w, err := theWorld()
	if err != nil {
		t.Fatal(err)
	}
	of, op, oi, err := w.check("orig.go", orig)
	if err != nil {
		t.Fatalf("the original: %v", err)
	}
	ef, ep, ei, err := w.check("edited.go", edited)
	if err != nil {
		t.Fatalf("the edited version: %v\n%s", err, edited)
	}
	key := func(d *ast.FuncDecl) string {
		if d.Recv != nil {
			return types.ExprString(d.Recv.List[0].Type) + "." + d.Name.Name
		}
		return d.Name.Name
	}
	decls := map[string]*ast.FuncDecl{}
	for _, d := range ef.Decls {
		if d, ok := d.(*ast.FuncDecl); ok {
			decls[key(d)] = d
		}
	}
	var errs []error
	for _, d := range of.Decls {
		if d, ok := d.(*ast.FuncDecl); ok {
			e := decls[key(d)]
			if e == nil {
				t.Fatalf("no function %s in the edited version", key(d))
			}
			err := Func(Side{Fset: w.fset, Info: oi, Pkg: op, Decl: d, Src: []byte(orig), Files: []*ast.File{of}, Pure: vouched, Assume: assumed(d)}, Side{Fset: w.fset, Info: ei, Pkg: ep, Decl: e, Src: []byte(edited)})
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", d.Name.Name, err))
			}
		}
	}
	return errors.Join(errs...)
}
