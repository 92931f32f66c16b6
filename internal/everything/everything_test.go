// SPDX-License-Identifier: BSD-3-Clause

// Package everything applies every rewrite to whole packages that nobody
// wrote for this project, in memory, and looks at what comes out.
package everything

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/assign"
	"golang.org/x/tools/go/analysis/passes/bools"
	"golang.org/x/tools/go/analysis/passes/copylock"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/analysis/passes/nilfunc"
	"golang.org/x/tools/go/analysis/passes/unreachable"
	"golang.org/x/tools/go/analysis/passes/unsafeptr"
	"golang.org/x/tools/go/packages"

	"github.com/autobatch/autobatch/analyzer"
	"github.com/autobatch/autobatch/rewrite"
)

// patterns are the standard library's own users of package syscall, and
// x/sys itself. They are type-checked only: a program could not be built from
// an os package that imports batchrt, which needs it.
var patterns = []string{
	"os", "os/exec", "os/signal", "os/user", "net", "internal/poll", "internal/syscall/unix", "internal/testpty",
	"runtime/pprof", "time", "log/syslog", "crypto/rand",
	"golang.org/x/sys/...",
}

// vetters are the vet passes that code like ours could upset.
var vetters = []*analysis.Analyzer{assign.Analyzer, bools.Analyzer, copylock.Analyzer, nilfunc.Analyzer, unreachable.Analyzer, unsafeptr.Analyzer}

// TestStandardLibrary covers the standard library and x/sys.
func TestStandardLibrary(t *testing.T) { everything(t, "", 50, 0, patterns...) }

// TestOwnPrograms covers the programs of this repository, which have groups
// in them for sure.
func TestOwnPrograms(t *testing.T) {
	everything(t, "../../testdata/traps", 300, 50, "./...")
	everything(t, "../../testdata/examples", 3, 1, "./...")
	everything(t, "../../analyzer/testdata", 100, 20, "./...")
}

// everything rewrites all packages of the module in dir that match. It fails
// when fewer calls are seen or groups rewritten than there must be.
func everything(t *testing.T, dir string, minCalls, minRegions int, patterns ...string) {
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadSyntax,
		Dir:  dir,
		Fset: token.NewFileSet(),
		Env:  append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off"),
		ParseFile: func(fset *token.FileSet, name string, src []byte) (*ast.File, error) {
			return parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
		},
	}, append([]string{"syscall", "golang.org/x/sys/unix"}, patterns...)...)
	if err != nil {
		t.Fatal(err)
	}
	isFact := func(p *packages.Package) bool { return p.PkgPath == "syscall" || p.PkgPath == "golang.org/x/sys/unix" }
	facts := factStore{}
	for _, p := range pkgs {
		if isFact(p) {
			pass := facts.pass(analyzer.Analyzer, p.Fset, p.Syntax, p.IgnoredFiles, p.Types, p.TypesInfo, p.TypesSizes, os.ReadFile)
			if _, err := analyzer.Analyzer.Run(pass); err != nil {
				t.Fatal(err)
			}
		}
	}
	calls, regions := 0, 0
	for _, p := range pkgs {
		if len(p.Errors) > 0 {
			t.Fatalf("%s: %v", p.PkgPath, p.Errors)
		}
		if isFact(p) {
			continue
		}
		res := run(t, facts, p.Fset, p.Syntax, p.Types, p.TypesInfo, p.TypesSizes, os.ReadFile)
		calls += res.Calls
		for _, f := range res.Files {
			regions += len(f.Regions)
			for _, r := range f.Remarks {
				if r.Reason == "verify" {
					t.Errorf("refused after the fact: %v", r)
				}
			}
			if f.Edits != nil {
				t.Run(filepath.Base(f.Name), func(t *testing.T) { rewritten(t, facts, p, f) })
			}
		}
	}
	t.Logf("%d calls in %d packages, %d groups rewritten", calls, len(pkgs), regions)
	if calls < minCalls || regions < minRegions {
		t.Errorf("only %d calls seen, %d groups rewritten", calls, regions)
	}
}

// rewritten makes the file's edits and checks the result.
func rewritten(t *testing.T, facts factStore, p *packages.Package, f *analyzer.File) {
	var syntax *ast.File
	for _, s := range p.Syntax {
		if fset := p.Fset.File(s.FileStart); fset.Name() == f.Name {
			syntax = s
		}
	}
	src, err := os.ReadFile(f.Name)
	if err != nil {
		t.Fatal(err)
	}
	out, err := rewrite.Apply(src, f.Edits)
	if err != nil {
		t.Fatal(err)
	}
	was, err := format.Source(src)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := format.Source(out); err != nil || bytes.Equal(was, src) && !bytes.Equal(again, out) {
		t.Errorf("not as gofmt formats it: %v", err)
	}
	in := rewrite.Input{Fset: p.Fset, File: syntax, Content: src, Info: p.TypesInfo, Pkg: p.Types, Files: p.Syntax, Sizes: p.TypesSizes}
	ed, err := rewrite.Check(in, f.Edits)
	if err != nil {
		t.Fatalf("does not type-check: %v", err)
	}
	read := func(name string) ([]byte, error) {
		if name == f.Name {
			return ed.Src, nil
		}
		return os.ReadFile(name)
	}
	for _, g := range run(t, facts, p.Fset, ed.Files, ed.Pkg, ed.Info, p.TypesSizes, read).Files {
		if g.Name == f.Name && len(g.Regions) > 0 {
			t.Errorf("rewritten once more: %v", g.Regions[0])
		}
	}
	// Vet has nothing to say that it did not say before.
	before := vet(t, facts, p.Fset, p.Syntax, p.Types, p.TypesInfo, p.TypesSizes)
	after := vet(t, facts, p.Fset, ed.Files, ed.Pkg, ed.Info, p.TypesSizes)
	if len(after) > len(before) {
		t.Errorf("vet complains: before %v, after %v", before, after)
	}
}

func run(t *testing.T, facts factStore, fset *token.FileSet, files []*ast.File, pkg *types.Package, info *types.Info, sizes types.Sizes, read func(string) ([]byte, error)) *analyzer.Result {
	t.Helper()
	res, err := analyzer.Analyzer.Run(facts.pass(analyzer.Analyzer, fset, files, nil, pkg, info, sizes, read))
	if err != nil {
		t.Fatal(err)
	}
	return res.(*analyzer.Result)
}

func vet(t *testing.T, facts factStore, fset *token.FileSet, files []*ast.File, pkg *types.Package, info *types.Info, sizes types.Sizes) (msgs []string) {
	t.Helper()
	ins := facts.pass(inspect.Analyzer, fset, files, nil, pkg, info, sizes, os.ReadFile)
	ir, err := inspect.Analyzer.Run(ins)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range vetters {
		pass := facts.pass(a, fset, files, nil, pkg, info, sizes, os.ReadFile)
		pass.ResultOf = map[*analysis.Analyzer]any{inspect.Analyzer: ir}
		pass.Report = func(d analysis.Diagnostic) { msgs = append(msgs, a.Name+": "+d.Message) }
		if _, err := a.Run(pass); err != nil {
			t.Fatal(err)
		}
	}
	return msgs
}

// factStore keeps package facts by import path.
type factStore map[string]analysis.Fact

func (s factStore) pass(a *analysis.Analyzer, fset *token.FileSet, files []*ast.File, ignored []string, pkg *types.Package, info *types.Info, sizes types.Sizes, read func(string) ([]byte, error)) *analysis.Pass {
	return &analysis.Pass{
		Analyzer: a, Fset: fset, Files: files, IgnoredFiles: ignored, Pkg: pkg, TypesInfo: info, TypesSizes: sizes,
		ResultOf: map[*analysis.Analyzer]any{}, Report: func(analysis.Diagnostic) {}, ReadFile: read,
		ExportPackageFact: func(f analysis.Fact) { s[pkg.Path()] = f },
		ImportPackageFact: func(p *types.Package, f analysis.Fact) bool {
			have, ok := s[strings.TrimPrefix(p.Path(), "vendor/")]
			if !ok || reflect.TypeOf(have) != reflect.TypeOf(f) {
				return false
			}
			reflect.ValueOf(f).Elem().Set(reflect.ValueOf(have).Elem())
			return true
		},
		ImportObjectFact: func(types.Object, analysis.Fact) bool { return false },
		ExportObjectFact: func(types.Object, analysis.Fact) {},
	}
}
