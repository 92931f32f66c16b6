// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/autobatch/autobatch/internal/effects"
	"github.com/autobatch/autobatch/plan"
	"github.com/autobatch/autobatch/rewrite"
)

// pureFact is the summary of a function of the program that only computes. It
// is exported for functions of the main module in files that every
// configuration compiles: then it holds wherever the module is built.
type pureFact struct {
	Module    string // path of the module that the function belongs to
	Reads     bool   // memory other than its arguments
	Allocates bool
	Derefs    uint32 // pointers that must not be nil: bit 0 the receiver, bit n parameter n
}

func (*pureFact) AFact() {}

func (p *pureFact) String() string {
	s := "pure"
	if p.Reads {
		s += " reads"
	}
	if p.Allocates {
		s += " allocates"
	}
	return s
}

// pureCall visits a call of a function that is known to be pure, and refuses
// any other.
func (m *mover) pureCall(x *ast.CallExpr) {
	info := m.f.pass.TypesInfo
	fn := callee(info, x)
	sum := m.f.file.pkg.pureFunc(fn)
	if sum == nil || !m.pureArgs(fn, x) || spreads(info, x) {
		m.refuse(plan.Effect, x, "the call %s may have effects", m.f.src(x))
		return
	}
	if fn.Pkg() == m.f.pass.Pkg {
		m.names(x.Fun)
		// A method has no scope of its own.
		if fn.Signature().Recv() != nil && !m.f.file.sameConfig(fn.Origin().Pos()) {
			m.refuse(plan.Build, x, "%s is defined in a file with other build constraints", fn.Name())
		}
	}
	check := func(bit int, a ast.Expr) {
		m.value(a)
		if sum.Derefs>>bit&1 == 0 || m.bad != nil {
			return
		}
		if u, ok := ast.Unparen(a).(*ast.UnaryExpr); ok && u.Op == token.AND {
			if id, ok := ast.Unparen(u.X).(*ast.Ident); ok {
				m.load(id) // the address of a variable, which is read
				return
			}
		}
		id, ok := ast.Unparen(a).(*ast.Ident)
		if ok {
			v, isVar := info.ObjectOf(id).(*types.Var)
			ok = isVar && m.f.nonNil(v, m.seen)
		}
		if ok {
			m.loads = append(m.loads, loc{root: info.ObjectOf(id).(*types.Var), deref: true, expr: a})
		} else {
			m.refuse(plan.Panic, x, "%s may be a nil dereference: %s is not known to be non-nil", m.f.src(x), m.f.src(a))
		}
	}
	if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok && info.Selections[sel] != nil {
		recv := fn.Signature().Recv()
		if info.Selections[sel].Kind() != types.MethodVal || len(info.Selections[sel].Index()) != 1 || recv == nil || isPointerType(recv.Type()) != isPointerType(info.TypeOf(sel.X)) {
			m.refuse(plan.Effect, x, "the receiver of %s is not passed as it is", m.f.src(x))
			return
		}
		check(0, sel.X)
	}
	for i, a := range x.Args {
		check(min(i+1, 31), a)
		if !sum.Reads || m.bad != nil {
			continue
		}
		switch types.Unalias(info.TypeOf(a)).Underlying().(type) {
		case *types.Slice:
			if !madeHere(info, a) {
				m.loads = append(m.loads, m.f.behind(a))
			}
		}
	}
	if sum.Reads && sum.Module != "" {
		m.loads = append(m.loads, loc{expr: x}) // what, is not known
	}
	m.copies = m.copies || sum.Allocates
}

// madeHere reports whether e makes the slice that it gives, so that nobody else
// has it.
func madeHere(info *types.Info, e ast.Expr) bool {
	switch x := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return true
	case *ast.CallExpr: // []byte("constant")
		return len(x.Args) == 1 && info.Types[x.Fun].IsType() && info.Types[x.Args[0]].Value != nil
	}
	return false
}

// spreads reports whether a call's parameters are the results of another call: then
// it is not known which of them may be nil.
func spreads(info *types.Info, x *ast.CallExpr) bool {
	if len(x.Args) != 1 {
		return false
	}
	_, ok := info.TypeOf(x.Args[0]).(*types.Tuple)
	return ok
}

// pureArgs checks what the standard library's functions demand of arguments.
func (m *mover) pureArgs(fn *types.Func, x *ast.CallExpr) bool {
	p, ok := effects.PureFunc(fn)
	if !ok {
		return true
	}
	info := m.f.pass.TypesInfo
	var args []types.Type
	for _, a := range x.Args {
		args = append(args, info.TypeOf(a))
	}
	if p.Formats && x.Ellipsis.IsValid() {
		return false
	}
	if p.Base > 0 {
		n, ok := constInt(info, x.Args[p.Base-1])
		if !ok || n < 2 || n > 36 {
			return false
		}
	}
	if p.Count > 0 {
		n, ok := constInt(info, x.Args[p.Count-1])
		if !ok || n < 0 || n > 1<<16 {
			return false
		}
	}
	return p.PureArgs(args)
}

// pureFunc is the summary of a function, or nil if it is not known to be pure.
func (p *pkgState) pureFunc(fn *types.Func) *pureFact {
	if fn == nil || fn.Pkg() == nil {
		return nil
	}
	if std, ok := effects.PureFunc(fn); ok {
		return &pureFact{Reads: std.Reads, Allocates: std.Allocates}
	}
	fn = fn.Origin()
	if fn.Pkg() == p.pass.Pkg {
		return p.summary(fn)
	}
	fact := new(pureFact)
	if p.pass.Module == nil || !p.pass.ImportObjectFact(fn, fact) || fact.Module != p.pass.Module.Path {
		return nil
	}
	return fact
}

// vouch tells the validator what is known of functions of other packages.
func (p *pkgState) vouch(fn *types.Func) (rewrite.Computes, bool) {
	s := p.pureFunc(fn)
	if s == nil {
		return rewrite.Computes{}, false
	}
	return rewrite.Computes{Reads: s.Reads, Derefs: s.Derefs}, true
}

// maxSummary is how many statements a function may have whose summary is
// looked for; the larger ones are hardly ever pure.
const maxSummary = 16

// summary finds out whether a function of the package is pure. A function
// that calls itself is not.
func (p *pkgState) summary(fn *types.Func) *pureFact {
	if s, seen := p.summaries[fn]; seen {
		return s
	}
	p.summaries[fn] = nil
	if p.bodies == nil {
		p.bodies = map[*types.Func]body{}
		for _, f := range p.pass.Files {
			for _, d := range f.Decls {
				if d, ok := d.(*ast.FuncDecl); ok && d.Body != nil {
					if obj, ok := p.pass.TypesInfo.Defs[d.Name].(*types.Func); ok {
						p.bodies[obj] = body{f, d}
					}
				}
			}
		}
	}
	b, ok := p.bodies[fn]
	if !ok || b.decl.Type.TypeParams != nil || fn.Signature().RecvTypeParams() != nil || size(b.decl.Body) > maxSummary || fn.Signature().Results().Len() == 0 {
		return nil
	}
	name := p.pass.Fset.File(b.file.FileStart).Name()
	if ast.IsGenerated(b.file) || imports(b.file, "C") || p.linknamed[fn.Name()] || strings.HasSuffix(name, "_test.go") {
		return nil
	}
	fs := &fileState{pass: p.pass, pkg: p, syntax: b.file, name: name, config: p.configs[name], unsafe: imports(b.file, "unsafe")}
	f := newFunction(fs, b.decl)
	s := &pureFact{Module: "here"}
	if p.pass.Module != nil {
		s.Module = p.pass.Module.Path
	}
	f.assumed = map[*types.Var]bool{}
	sig := fn.Signature()
	note := func(v *types.Var) {
		if v != nil {
			f.assumed[v] = false
		}
	}
	note(sig.Recv())
	for v := range sig.Params().Variables() {
		note(v)
	}
	w := &silentWalk{mover: mover{f: f, stays: true}, returns: true}
	w.writes = &w.d.writes
	f.path = []frame{{list: b.decl.Body.List, owner: b.decl}}
	w.stmts(b.decl.Body.List)
	if w.bad != nil {
		return nil
	}
	for _, l := range w.d.writes {
		if l.root == nil || l.deref || !f.vars.private(l.root) {
			// What append writes to is memory of the function's own only if the
			// slice is.
			return nil
		}
	}
	for _, l := range w.loads {
		s.Reads = s.Reads || !f.own(l)
	}
	s.Allocates = w.copies
	if v := sig.Recv(); v != nil && f.assumed[v] {
		s.Derefs |= 1
	}
	for i := range sig.Params().Len() {
		if f.assumed[sig.Params().At(i)] {
			s.Derefs |= 1 << min(i+1, 31)
		}
	}
	p.summaries[fn] = s
	return s
}

// body is a function's declaration with its file.
type body struct {
	file *ast.File
	decl *ast.FuncDecl
}

// size counts the statements of a body.
func size(b *ast.BlockStmt) int {
	n := 0
	ast.Inspect(b, func(x ast.Node) bool {
		if _, ok := x.(ast.Stmt); ok {
			n++
		}
		return true
	})
	return n
}

// exportSummaries makes the summaries of the package's functions known to the
// packages that import it, if the package belongs to the main module: another
// one may be selected in another version.
func (p *pkgState) exportSummaries() {
	if p.pass.Module == nil || p.pass.Module.Version != "" {
		return
	}
	for _, f := range p.pass.Files {
		name := p.pass.Fset.File(f.FileStart).Name()
		if p.configs[name].text != "/" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, d := range f.Decls {
			d, ok := d.(*ast.FuncDecl)
			if !ok || d.Body == nil || !d.Name.IsExported() || size(d.Body) > maxSummary {
				continue
			}
			if obj, ok := p.pass.TypesInfo.Defs[d.Name].(*types.Func); ok {
				if s := p.summary(obj); s != nil {
					p.pass.ExportObjectFact(obj, s)
				}
			}
		}
	}
}

var _ analysis.Fact = (*pureFact)(nil)
