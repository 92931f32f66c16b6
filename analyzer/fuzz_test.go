// SPDX-License-Identifier: BSD-3-Clause

package analyzer_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/autobatch/autobatch/analyzer"
	"github.com/autobatch/autobatch/rewrite"
)

// world is what the fuzzed files may import, with the analyzer's facts.
var world = sync.OnceValues(func() (map[string]*types.Package, map[string]analysis.Fact) {
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadSyntax | packages.NeedDeps,
		Env:  append(os.Environ(), "CGO_ENABLED=0"),
		ParseFile: func(fset *token.FileSet, name string, src []byte) (*ast.File, error) {
			return parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
		},
	}, "golang.org/x/sys/unix", "syscall", "fmt", "os", "errors", "log", "time", "io", "path/filepath", "strings", "strconv", "unsafe")
	if err != nil {
		panic(err)
	}
	known, facts := map[string]*types.Package{}, map[string]analysis.Fact{}
	for _, p := range pkgs {
		known[p.PkgPath] = p.Types
		if p.PkgPath == "syscall" || p.PkgPath == "golang.org/x/sys/unix" {
			if _, err := analyzer.Analyzer.Run(&analysis.Pass{
				Analyzer: analyzer.Analyzer, Fset: p.Fset, Files: p.Syntax, IgnoredFiles: p.IgnoredFiles, Pkg: p.Types, TypesInfo: p.TypesInfo,
				TypesSizes: p.TypesSizes, ReadFile: os.ReadFile, ExportPackageFact: func(f analysis.Fact) { facts[p.PkgPath] = f },
			}); err != nil {
				panic(err)
			}
		}
	}
	return known, facts
})

type worldImporter map[string]*types.Package

func (w worldImporter) Import(path string) (*types.Package, error) {
	if p := w[path]; p != nil {
		return p, nil
	}
	return importer.Default().Import(path)
}

// FuzzRewrite feeds Go files to the analyzer and the rewriter: whatever they
// hold, nothing panics, and what comes out parses and type-checks.
func FuzzRewrite(f *testing.F) {
	err := filepath.WalkDir("testdata", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f.Add(string(src))
		return nil
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, src string) {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "fuzz_linux.go", src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return
		}
		known, facts := world()
		info := &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{}, Instances: map[*ast.Ident]types.Instance{}, Defs: map[*ast.Ident]types.Object{},
			Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
			Scopes: map[ast.Node]*types.Scope{},
		}
		sizes := types.SizesFor("gc", "amd64")
		conf := types.Config{Importer: worldImporter(known), Sizes: sizes}
		pkg, err := conf.Check("fuzz", fset, []*ast.File{file}, info)
		if err != nil {
			return
		}
		res, err := analyzer.Analyzer.Run(&analysis.Pass{
			Analyzer: analyzer.Analyzer, Fset: fset, Files: []*ast.File{file}, Pkg: pkg, TypesInfo: info, TypesSizes: sizes,
			ReadFile: func(string) ([]byte, error) { return []byte(src), nil },
			Report:   func(analysis.Diagnostic) {},
			ImportPackageFact: func(p *types.Package, fact analysis.Fact) bool {
				have, ok := facts[p.Path()]
				if ok {
					reflect.ValueOf(fact).Elem().Set(reflect.ValueOf(have).Elem())
				}
				return ok
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range res.(*analyzer.Result).Files {
			for _, r := range f.Remarks {
				if r.Reason == "verify" {
					t.Errorf("refused after the fact: %v\n%s", r, src)
				}
			}
			if f.Edits == nil {
				continue
			}
			out, err := rewrite.Apply([]byte(src), f.Edits)
			if err != nil {
				t.Fatalf("%v\n%s", err, src)
			}
			if _, err := parser.ParseFile(token.NewFileSet(), "fuzz.go", out, parser.ParseComments); err != nil {
				t.Fatalf("what comes out does not parse: %v\n%s", err, out)
			}
		}
	})
}
