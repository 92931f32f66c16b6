// SPDX-License-Identifier: BSD-3-Clause

package driver

import (
	"fmt"
	"go/token"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/autobatch/autobatch/analyzer"
	"github.com/autobatch/autobatch/plan"
)

// atOnce is the number of packages analysed at the same time: each holds its
// syntax trees and, with SSA, several times as much.
const atOnce = 2

// runner analyses packages in dependency order.
type runner struct {
	l     *loader
	facts *factStore
	slots chan struct{}

	mu       sync.Mutex
	done     int
	results  map[*packages.Package]*analyzer.Result
	problems map[*packages.Package][]string
}

func newRunner(l *loader) *runner {
	return &runner{
		l:        l,
		facts:    newFactStore(),
		slots:    make(chan struct{}, atOnce),
		results:  map[*packages.Package]*analyzer.Result{},
		problems: map[*packages.Package][]string{},
	}
}

// run analyses roots, each after every root that it imports, however
// indirectly. Packages between them have no syntax and are only waited for.
func (r *runner) run(roots []*packages.Package, report bool) {
	isRoot := map[*packages.Package]bool{}
	for _, p := range roots {
		isRoot[p] = true
	}
	finished := map[*packages.Package]chan struct{}{}
	r.done = 0
	var wg sync.WaitGroup
	packages.Visit(roots, nil, func(p *packages.Package) { // imports come first
		ch := make(chan struct{})
		finished[p] = ch
		var before []chan struct{}
		for _, imp := range p.Imports {
			before = append(before, finished[imp])
		}
		wg.Go(func() {
			defer close(ch)
			for _, b := range before {
				<-b
			}
			if !isRoot[p] {
				return
			}
			r.slots <- struct{}{}
			defer func() { <-r.slots }()
			r.one(p)
			if report {
				r.mu.Lock()
				r.done++
				r.l.Progress("analysing", r.done, len(roots))
				r.mu.Unlock()
			}
		})
	})
	wg.Wait()
}

// one analyses one package and notes what was found or what went wrong.
func (r *runner) one(p *packages.Package) {
	var msgs []string
	var result *analyzer.Result
	switch {
	case r.l.ctx.Err() != nil:
		msgs = []string{"interrupted"}
	case len(p.Errors) > 0:
		msgs = append(errorMessages(p), "Repair this first (go vet "+p.PkgPath+" shows it too), then run the command again.")
	case p.IllTyped:
		msgs = []string{"a package that it imports has errors: repair that one first (go build " + p.PkgPath + ")" + firstError(p)}
	default:
		res, err := r.analyze(p)
		if err != nil {
			msgs = []string{err.Error()}
		} else {
			result = r.l.Extract(res)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if msgs != nil {
		r.problems[p] = msgs
	}
	r.results[p] = result
}

// analyze runs the analyzer and what it requires over one package.
func (r *runner) analyze(p *packages.Package) (_ any, err error) {
	var at *analysis.Analyzer
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("internal error: %s panicked: %v (please report this)\n%s", at, x, debug.Stack())
		}
	}()
	results := map[*analysis.Analyzer]any{}
	var run func(a *analysis.Analyzer) error
	run = func(a *analysis.Analyzer) error {
		if _, ok := results[a]; ok {
			return nil
		}
		inputs := map[*analysis.Analyzer]any{}
		for _, need := range a.Requires {
			if err := run(need); err != nil {
				return err
			}
			inputs[need] = results[need]
		}
		at = a
		res, err := a.Run(r.pass(a, p, inputs))
		if err != nil {
			return fmt.Errorf("%s: %w", a, err)
		}
		results[a] = res
		return nil
	}
	if err := run(r.l.Analyzer); err != nil {
		return nil, err
	}
	return results[r.l.Analyzer], nil
}

func (r *runner) pass(a *analysis.Analyzer, p *packages.Package, inputs map[*analysis.Analyzer]any) *analysis.Pass {
	pass := &analysis.Pass{
		Analyzer:     a,
		Fset:         p.Fset,
		Files:        p.Syntax,
		OtherFiles:   p.OtherFiles,
		IgnoredFiles: p.IgnoredFiles,
		Pkg:          p.Types,
		TypesInfo:    p.TypesInfo,
		TypesSizes:   p.TypesSizes,
		ResultOf:     inputs,
		Report:       func(analysis.Diagnostic) {}, // the result says it all
		ReadFile:     r.l.readFile,
	}
	if m := p.Module; m != nil {
		pass.Module = &analysis.Module{Path: m.Path, Version: m.Version, GoVersion: m.GoVersion}
	}
	r.facts.bind(pass, p)
	return pass
}

// firstError returns the first error among the packages that p imports,
// however indirectly, as an indented paragraph.
func firstError(p *packages.Package) string {
	said := ""
	packages.Visit([]*packages.Package{p}, nil, func(imp *packages.Package) {
		if said == "" && len(imp.Errors) > 0 {
			said = "\n\t" + imp.PkgPath + ": " + strings.ReplaceAll(errorMessages(imp)[0], "\n", "\n\t")
		}
	})
	return said
}

// maxErrors is the number of a package's errors that are worth printing.
const maxErrors = 5

// errorMessages returns the package's errors, each with its position and,
// where the go command says it, what to do. Where imports are missing only
// that is said: the rest follows from it.
func errorMessages(p *packages.Package) []string {
	var missing, other []string
	located := slices.ContainsFunc(p.Errors, func(e packages.Error) bool { return e.Kind != packages.ListError })
	for _, e := range p.Errors {
		msg, list := strings.TrimSpace(e.Msg), &other
		if located && e.Kind == packages.ListError && strings.HasPrefix(msg, "# ") {
			continue // the compiler's account of the same errors
		}
		if path, ok := strings.CutPrefix(msg, "could not import "); ok {
			// What to do about it is said at the package that is missing.
			path, _, _ = strings.Cut(path, " ")
			if imp := p.Imports[path]; imp != nil && len(imp.Errors) > 0 {
				msg, list = strings.TrimSpace(imp.Errors[0].Msg), &missing
			}
		}
		if e.Pos != "" && e.Pos != "-" {
			msg = e.Pos + ": " + msg
		}
		if !slices.Contains(*list, msg) {
			*list = append(*list, msg)
		}
	}
	msgs := missing
	if len(msgs) == 0 {
		msgs = other
	}
	if n := len(msgs) - maxErrors; n > 0 {
		msgs = append(msgs[:maxErrors], fmt.Sprintf("and %d more", n))
	}
	return msgs
}

// leaveAlone drops what was found in the file and says why.
func (f *File) leaveAlone(why string) {
	remarks := f.Remarks
	for _, r := range remarks {
		if r.Reason == plan.Build {
			f.File = &analyzer.File{Name: f.Name, Remarks: remarks}
			return
		}
	}
	remarks = append(remarks, plan.Remark{Pos: token.Position{Filename: f.Path, Line: 1, Column: 1}, Reason: plan.Build, Text: why})
	f.File = &analyzer.File{Name: f.Name, Remarks: remarks}
}
