// SPDX-License-Identifier: BSD-3-Clause

package driver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/autobatch/autobatch/analyzer"
)

// Config says what to load and how to analyse it.
type Config struct {
	Dir        string   // where patterns are meant; absolute
	BuildFlags []string // for the go command: -tags=, -mod=, -modfile=
	Env        []string // for the go command; nil means os.Environ()
	Tests      bool     // handle _test.go files too

	// Analyzer is run over every package; Extract takes what was found from
	// its result. Both nil: analyzer.Analyzer.
	Analyzer *analysis.Analyzer
	Extract  func(any) *analyzer.Result

	// FactPackages are import paths that are analysed first, for their facts
	// alone, where a loaded package imports them.
	FactPackages []string

	// Progress, if not nil, is told what is going on; total is 0 where it is
	// not known. It is called by one goroutine at a time.
	Progress func(stage string, done, total int)
}

// Program is what was found.
type Program struct {
	Units    []*Unit   // packages without problems, by directory
	Problems []Problem // what could not be handled, in the order of the packages
}

// Unit is a package with its tests: what is rewritten together or not at all.
type Unit struct {
	Path  string   // import path
	Dir   string   // absolute
	Load  []string // the patterns that load it: its directory, or the file arguments
	Files []*File
	Calls int // calls that the effects table knows
}

// File is a file of a unit with what the analyzer found in it.
type File struct {
	*analyzer.File
	Path      string // absolute
	Src       []byte // as it was parsed
	Generated bool   // it says so itself ("Code generated ... DO NOT EDIT.")
}

// Problem is a package that could not be handled.
type Problem struct {
	Path string   // import path
	Msgs []string // each with its position where there is one
}

// String prints the problem with one line per message.
func (p Problem) String() string {
	return p.Path + ":\n\t" + strings.ReplaceAll(strings.Join(p.Msgs, "\n"), "\n", "\n\t")
}

const loadMode = packages.LoadSyntax | packages.NeedModule | packages.NeedForTest

// loader is one call of Load.
type loader struct {
	Config
	ctx  context.Context
	fset *token.FileSet

	mu     sync.Mutex
	parsed map[string][]byte // by absolute path
}

// Load loads the packages that the patterns match and analyses them. Packages
// with problems are not errors but part of the result; an error means that
// nothing could be loaded, patterns that match nothing included.
func Load(ctx context.Context, cfg Config, patterns []string) (*Program, error) {
	if cfg.Analyzer == nil {
		cfg.Analyzer = analyzer.Analyzer
	}
	if cfg.Extract == nil {
		cfg.Extract = func(r any) *analyzer.Result { return r.(*analyzer.Result) }
	}
	if cfg.Progress == nil {
		cfg.Progress = func(string, int, int) {}
	}
	l := &loader{Config: cfg, ctx: ctx, fset: token.NewFileSet(), parsed: map[string][]byte{}}

	cfg.Progress("loading", 0, 0)
	pkgs, err := packages.Load(l.packagesConfig(cfg.Tests), patterns...)
	if err != nil {
		return nil, fmt.Errorf("loading packages: %w", err)
	}
	pkgs = slices.DeleteFunc(pkgs, func(p *packages.Package) bool {
		return p.Name == "main" && strings.HasSuffix(p.ID, ".test") // the generated test main
	})
	if len(pkgs) == 0 {
		return nil, errors.New(whyNone(ctx, cfg, cfg.BuildFlags, patterns))
	}

	r := newRunner(l)
	extra, err := l.factPackages(pkgs)
	if err != nil {
		return nil, err
	}
	r.run(extra, false)
	r.run(pkgs, true)
	return l.collect(pkgs, r, patterns), nil
}

func (l *loader) packagesConfig(tests bool) *packages.Config {
	return &packages.Config{
		Mode:       loadMode,
		Context:    l.ctx,
		Dir:        l.Dir,
		Env:        l.Env,
		BuildFlags: l.BuildFlags,
		Fset:       l.fset,
		ParseFile:  l.parseFile,
		Tests:      tests,
	}
}

func (l *loader) parseFile(fset *token.FileSet, name string, src []byte) (*ast.File, error) {
	l.mu.Lock()
	l.parsed[name] = src
	l.mu.Unlock()
	return parser.ParseFile(fset, name, src, parser.AllErrors|parser.ParseComments|parser.SkipObjectResolution)
}

// readFile gives analyzers the bytes that were parsed.
func (l *loader) readFile(name string) ([]byte, error) {
	l.mu.Lock()
	src, ok := l.parsed[name]
	l.mu.Unlock()
	if ok {
		return src, nil
	}
	return os.ReadFile(name)
}

// factPackages loads what the packages import and what is not loaded already: of
// FactPackages, and of their own module's packages, whose functions may be pure.
// One that has errors is left out: the analyzer then knows nothing about it and
// leaves calls into it alone.
func (l *loader) factPackages(pkgs []*packages.Package) ([]*packages.Package, error) {
	loaded, want := map[string]bool{}, map[string]bool{}
	for _, p := range pkgs {
		loaded[p.PkgPath] = true
	}
	for _, p := range pkgs {
		for path := range p.Imports {
			if !loaded[path] && (slices.Contains(l.FactPackages, path) || ofMainModule(p, path)) {
				want[path] = true
			}
		}
	}
	if len(want) == 0 {
		return nil, nil
	}
	paths := slices.Sorted(maps.Keys(want))
	extra, err := packages.Load(l.packagesConfig(false), paths...)
	if err != nil {
		return nil, fmt.Errorf("loading %s: %w", strings.Join(paths, " and "), err)
	}
	return slices.DeleteFunc(extra, func(p *packages.Package) bool { return len(p.Errors) > 0 }), nil
}

// ofMainModule reports whether a package that p imports is of p's module, and
// that is a main one. What it imports in turn is not looked at.
func ofMainModule(p *packages.Package, path string) bool {
	return p.Module != nil && p.Module.Main && (path == p.Module.Path || strings.HasPrefix(path, p.Module.Path+"/"))
}

// collect sorts what the analyzer found into units.
func (l *loader) collect(pkgs []*packages.Package, r *runner, patterns []string) *Program {
	prog := &Program{}
	byDir := map[string]*Unit{}
	failed := map[string]bool{} // by directory
	seen := map[string]bool{}   // messages, which test variants repeat
	for _, p := range pkgs {
		if msgs := r.problems[p]; len(msgs) > 0 {
			failed[dirOf(p)] = true
			fresh := slices.DeleteFunc(msgs, func(m string) bool { return seen[m] })
			for _, m := range fresh {
				seen[m] = true
			}
			if len(fresh) > 0 {
				prog.Problems = append(prog.Problems, Problem{Path: p.PkgPath, Msgs: fresh})
			}
			continue
		}
		u := byDir[dirOf(p)]
		if u == nil {
			u = &Unit{Path: p.PkgPath, Dir: dirOf(p)}
			byDir[u.Dir] = u
		}
		if p.ForTest != "" {
			u.Path = p.ForTest
		}
		u.add(p, l, r.results[p], patterns)
	}
	for dir, u := range byDir {
		if !failed[dir] {
			slices.SortFunc(u.Files, func(a, b *File) int { return cmp.Compare(a.Path, b.Path) })
			prog.Units = append(prog.Units, u)
		}
	}
	slices.SortFunc(prog.Units, func(a, b *Unit) int { return cmp.Compare(a.Dir, b.Dir) })
	return prog
}

// add takes those files of p that no other variant of the package brings:
// from the plain package all, from a test variant the _test.go files.
func (u *Unit) add(p *packages.Package, l *loader, res *analyzer.Result, patterns []string) {
	u.Load = []string{u.Dir}
	if p.PkgPath == "command-line-arguments" {
		u.Load = patterns
	}
	if res == nil {
		return
	}
	if p.ForTest == "" {
		u.Calls += res.Calls
	}
	found := map[string]*analyzer.File{}
	for _, f := range res.Files {
		found[f.Name] = f
	}
	compiled := map[string]*ast.File{}
	for _, f := range p.Syntax {
		compiled[l.fset.PositionFor(f.FileStart, false).Filename] = f
	}
	for _, name := range p.GoFiles {
		if isTest := strings.HasSuffix(name, "_test.go"); isTest != (p.ForTest != "") {
			continue
		}
		f := &File{File: found[name], Path: name, Src: l.parsed[name]}
		if f.File == nil {
			f.File = &analyzer.File{Name: name}
		}
		if syntax := compiled[name]; syntax == nil {
			f.leaveAlone("files that import \"C\" are left alone: what the compiler sees is not what is written here")
		} else if ast.IsGenerated(syntax) {
			f.Generated = true
			f.leaveAlone("generated files are left alone: change what generates them")
		}
		u.Files = append(u.Files, f)
	}
}

// dirOf returns the directory of the package's sources.
func dirOf(p *packages.Package) string {
	for _, files := range [][]string{p.GoFiles, p.OtherFiles, p.IgnoredFiles, p.CompiledGoFiles} {
		if len(files) > 0 {
			return filepath.Dir(files[0])
		}
	}
	return p.PkgPath
}
