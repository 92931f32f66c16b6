// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/autobatch/autobatch/internal/effects"
	"github.com/autobatch/autobatch/plan"
	"github.com/autobatch/autobatch/rewrite"
)

// Analyzer finds sequences of system calls that can share one kernel
// crossing. It reports a diagnostic per region, with a fix where the
// package's module already requires batchrt, and returns a *Result.
var Analyzer = &analysis.Analyzer{
	Name: "autobatch",
	Doc: `find system calls that can share one kernel crossing

The analysis looks for calls of golang.org/x/sys/unix and package syscall
that follow one another, proves that they can be handed to the kernel as one
batch without any observable change, and reports them. Where the module
already requires github.com/autobatch/autobatch/batchrt the diagnostic has a
fix; elsewhere run batchfix.`,
	URL:        "https://github.com/autobatch/autobatch",
	Run:        run,
	ResultType: reflect.TypeFor[*Result](),
	FactTypes:  []analysis.Fact{new(wrapperFact), new(pureFact)},
}

var (
	minFlag    = 2
	assumption assumeFlag
)

func init() {
	Analyzer.Flags.IntVar(&minFlag, "min", 2, "smallest number of calls that is worth a batch (at least 2)")
	Analyzer.Flags.Var(&assumption, "assume", "relax the rules of these names, separated by commas")
}

// Result is what the pass found in one package.
type Result struct {
	Files []*File
	Calls int // calls seen that the effects table knows
}

// File is what the pass found in one file.
type File struct {
	Name    string         // as the file set names it
	Regions []*plan.Region // in source order
	Edits   []plan.Edit    // that rewrite all regions; nil when there are none
	Remarks []plan.Remark  // in source order: every missed batch and every refused region
}

// pkgState is the state of the analysis of one package.
type pkgState struct {
	pass      *analysis.Pass
	options   Options
	configs   map[string]buildConfig
	facts     map[string]*wrapperFact
	linknamed map[string]bool
	forks     bool            // some file makes a raw fork or clone
	elsewhere map[string]bool // package-level names in files of other configurations; nil until asked for
	never     map[string]bool // systems for which the package cannot be compiled
	summaries map[*types.Func]*pureFact
	bodies    map[*types.Func]body // of the package's functions; nil until asked for
}

func run(pass *analysis.Pass) (any, error) {
	return runWith(pass, Options{Min: minFlag, Assume: assumption})
}

func runWith(pass *analysis.Pass, o Options) (any, error) {
	o.Min = max(o.Min, 2)
	res := &Result{}
	path := pass.Pkg.Path()
	if path == unixPath || path == syscallPath {
		return res, checkWrappers(pass)
	}
	p := &pkgState{
		pass:      pass,
		options:   o,
		configs:   map[string]buildConfig{},
		facts:     map[string]*wrapperFact{},
		linknamed: map[string]bool{},
		never:     map[string]bool{},
		summaries: map[*types.Func]*pureFact{},
	}
	if pass.Module == nil && !importsCalls(pass) {
		return res, nil // of the standard library, mostly
	}
	if pass.Module != nil && pass.Module.Version != "" && !importsCalls(pass) {
		return res, nil
	}
	p.survey()
	p.exportSummaries()
	if !importsCalls(pass) {
		return res, nil
	}
	for _, f := range pass.Files {
		file, calls, err := p.file(f)
		if err != nil {
			return nil, err
		}
		res.Calls += calls
		if file != nil {
			res.Files = append(res.Files, file)
		}
	}
	return res, nil
}

// importsCalls reports whether the package can make calls that the table knows.
func importsCalls(pass *analysis.Pass) bool {
	for _, imp := range pass.Pkg.Imports() {
		if p := strings.TrimPrefix(imp.Path(), "vendor/"); p == unixPath || p == syscallPath {
			return true
		}
	}
	return false
}

// survey looks at all files for what concerns the whole package.
func (p *pkgState) survey() {
	for _, f := range p.pass.Files {
		name := p.pass.Fset.File(f.FileStart).Name()
		cfg := configOf(name, f)
		p.configs[name] = cfg
		if !strings.HasSuffix(name, "_test.go") {
			for _, os := range cfg.always {
				p.never[os] = p.never[os] || !slices.Contains(unixes, os) && imports(f, unixPath) || p.missesName(f, os)
			}
		}
		for _, g := range f.Comments {
			for _, c := range g.List {
				if w := strings.Fields(c.Text); len(w) >= 2 && w[0] == "//go:linkname" {
					p.linknamed[w[1]] = true
				}
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				switch id.Name {
				case "SYS_CLONE", "SYS_CLONE3", "SYS_FORK", "SYS_VFORK":
					p.forks = true
				}
			}
			return true
		})
	}
}

// namesElsewhere are the package-level names of the package's files that other
// configurations compile. They are looked for only when something is rewritten.
func (p *pkgState) namesElsewhere(regions []*rewrite.Region) map[string]bool {
	if len(regions) == 0 {
		return nil
	}
	if p.elsewhere == nil {
		p.elsewhere = map[string]bool{}
		for _, name := range p.pass.IgnoredFiles {
			if !strings.HasSuffix(name, ".go") {
				continue
			}
			src, err := p.pass.ReadFile(name)
			if err != nil {
				continue
			}
			f, _ := parser.ParseFile(token.NewFileSet(), name, src, parser.SkipObjectResolution)
			if f == nil {
				continue
			}
			for _, d := range f.Decls {
				switch d := d.(type) {
				case *ast.FuncDecl:
					p.elsewhere[d.Name.Name] = d.Recv == nil
				case *ast.GenDecl:
					for _, sp := range d.Specs {
						switch sp := sp.(type) {
						case *ast.ValueSpec:
							for _, n := range sp.Names {
								p.elsewhere[n.Name] = true
							}
						case *ast.TypeSpec:
							p.elsewhere[sp.Name.Name] = true
						}
					}
				}
			}
		}
	}
	return p.elsewhere
}

// missesName reports whether the file uses something that does not exist on
// os: a name of package syscall, or a function of x/sys/unix.
func (p *pkgState) missesName(f *ast.File, os string) bool {
	found := false
	use := func(id *ast.Ident, called bool) {
		obj := p.pass.TypesInfo.Uses[id]
		if obj == nil || obj.Pkg() == nil || obj.Parent() != obj.Pkg().Scope() {
			return
		}
		switch obj.Pkg().Path() {
		case syscallPath:
			// The list compares with Linux.
			linux := obj.Pkg().Scope().Lookup("SYS_EPOLL_CTL") != nil
			found = found || linux && !effects.StdElsewhere(os, obj.Name())
		case unixPath:
			row := effects.Lookup(unixPath, obj.Name())
			if called && row != nil && row.Possible() && len(row.Ports) > 0 {
				found = found || !slices.ContainsFunc(slices.Concat(row.Ports, row.Differs), func(p string) bool { return strings.HasPrefix(p, os+"/") })
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			switch fun := ast.Unparen(n.Fun).(type) {
			case *ast.SelectorExpr:
				use(fun.Sel, true)
			case *ast.Ident:
				use(fun, true)
			}
		case *ast.Ident:
			use(n, false)
		}
		return !found
	})
	return found
}

func imports(f *ast.File, path string) bool {
	for _, s := range f.Imports {
		if s.Path.Value == `"`+path+`"` {
			return true
		}
	}
	return false
}

// file analyses one file; nil when it holds nothing of interest.
func (p *pkgState) file(syntax *ast.File) (*File, int, error) {
	if !imports(syntax, unixPath) && !imports(syntax, syscallPath) {
		return nil, 0, nil
	}
	name := p.pass.Fset.File(syntax.FileStart).Name()
	content, err := p.pass.ReadFile(name)
	if err != nil {
		return nil, 0, err
	}
	s := &fileState{pass: p.pass, pkg: p, syntax: syntax, name: name, content: content, config: p.configs[name], unsafe: imports(syntax, "unsafe")}
	calls := s.count()
	if calls == 0 {
		return nil, 0, nil
	}
	out := &File{Name: name}
	if why := s.leftAlone(); why != "" {
		out.Remarks = append(out.Remarks, plan.Remark{Pos: p.pass.Fset.Position(syntax.Package), Reason: plan.Build, Text: why})
		return out, calls, nil
	}
	s.directives()
	for _, d := range syntax.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		if why := leftAlone(syntax, fn, p.linknamed); why != "" {
			s.remark(refuse(plan.State, fn, "%s is left alone: %s", fn.Name.Name, why), false)
			continue
		}
		newFunction(s, fn).lists(fn.Body.List, fn)
	}
	edits, bad := rewrite.File(rewrite.Input{
		Fset: p.pass.Fset, File: syntax, Content: content, Info: p.pass.TypesInfo, Pkg: p.pass.Pkg,
		Files: p.pass.Files, Sizes: p.pass.TypesSizes, Regions: s.regions,
		Taken: p.namesElsewhere(s.regions), Pure: p.vouch,
	})
	s.remarks = append(s.remarks, bad...)
	for _, r := range edits.Regions {
		out.Regions = append(out.Regions, r.Plan)
	}
	s.unmet(out.Regions)
	out.Edits = edits.All()
	out.Remarks = s.remarks
	s.report(edits)
	return out, calls, nil
}

// leftAlone says why nothing in the file is touched, or "".
func (s *fileState) leftAlone() string {
	switch {
	case ast.IsGenerated(s.syntax):
		return "the file is generated: change its generator"
	case imports(s.syntax, "C"):
		return "the file uses cgo"
	case s.pkg.forks:
		return "the package makes raw fork or clone calls, after which nothing of the run-time may run"
	}
	// go/packages shows cgo's output under the original's name.
	if f := s.pass.Fset.File(s.syntax.FileStart); s.pass.Fset.Position(s.syntax.Package).Filename != f.Name() {
		return "the file is generated from another one"
	}
	return ""
}

func (s *fileState) count() int {
	f := &function{pass: s.pass, file: s}
	n := 0
	ast.Inspect(s.syntax, func(x ast.Node) bool {
		if c, ok := x.(*ast.CallExpr); ok && f.syscall(c) != nil {
			n++
		}
		return true
	})
	return n
}

// report makes one diagnostic per region.
func (s *fileState) report(edits *rewrite.Edits) {
	fixes := requiresBatchrt(s.name)
	for i, r := range edits.Regions {
		first := r.Sites[0].Call
		d := analysis.Diagnostic{Pos: first.Pos(), End: first.End(), Message: r.Plan.Summary()}
		if !fixes {
			d.Message += "; run batchfix"
		} else if list := edits.Fix(i); len(list) > 0 {
			fix := analysis.SuggestedFix{Message: "Run them as one batch"}
			f := s.pass.Fset.File(s.syntax.FileStart)
			for _, e := range list {
				fix.TextEdits = append(fix.TextEdits, analysis.TextEdit{Pos: f.Pos(e.Start), End: f.Pos(e.End), NewText: []byte(e.New)})
			}
			d.SuggestedFixes = []analysis.SuggestedFix{fix}
		}
		s.pass.Report(d)
	}
	for _, r := range s.remarks {
		if r.Error {
			f := s.pass.Fset.File(s.syntax.FileStart)
			s.pass.Report(analysis.Diagnostic{Pos: f.Pos(r.Pos.Offset), Message: r.Text})
		}
	}
}
