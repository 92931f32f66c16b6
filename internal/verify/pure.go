// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/autobatch/autobatch/internal/effects"
)

// Computes is what is known of a function that only computes.
type Computes struct {
	Reads  bool   // it reads memory other than its arguments
	Derefs uint32 // pointers that must not be nil: bit 0 the receiver, bit n parameter n
}

// purity finds out which functions only compute: those of the table, those of
// the package itself by reading them, and those of other packages that the
// caller vouches for.
type purity struct {
	s     *side // any function of the original package
	other func(*types.Func) (Computes, bool)
	decls map[string]*ast.FuncDecl
	known map[string]*Computes
}

func newPurity(s *side) *purity {
	p := &purity{s: s, other: s.Pure, decls: map[string]*ast.FuncDecl{}, known: map[string]*Computes{}}
	for _, f := range s.Files {
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Body != nil {
				if fn, ok := s.Info.Defs[d.Name].(*types.Func); ok {
					p.decls[fn.FullName()] = d
				}
			}
		}
	}
	return p
}

// of is what is known of a function; nil if it may do anything.
func (p *purity) of(fn *types.Func) *Computes {
	fn = fn.Origin()
	if strings.TrimPrefix(fn.Pkg().Path(), "vendor/") != p.s.Pkg.Path() {
		if x, ok := effects.PureFunc(fn); ok {
			return &Computes{Reads: x.Reads}
		}
		if p.other == nil {
			return nil
		}
		if x, ok := p.other(fn); ok {
			return &x
		}
		return nil
	}
	key := fn.FullName()
	if x, seen := p.known[key]; seen {
		return x
	}
	p.known[key] = nil // calls of itself are not pure
	d := p.decls[key]
	if d == nil || d.Type.TypeParams != nil || d.Type.Results == nil {
		return nil
	}
	p.known[key] = p.read(d)
	return p.known[key]
}

// read looks into a function.
func (p *purity) read(d *ast.FuncDecl) *Computes {
	s := newSide(Side{Fset: p.s.Fset, Info: p.s.Info, Pkg: p.s.Pkg, Decl: d, Src: nil}, false)
	f := gather(s)
	f.unsafe = true
	l := &looker{s: s, f: f, nonnil: map[string]bool{}, pure: p}
	var params []*types.Var
	fields := func(list *ast.FieldList) {
		if list == nil {
			return
		}
		for _, fl := range list.List {
			if len(fl.Names) == 0 {
				params = append(params, nil)
			}
			for _, id := range fl.Names {
				v, _ := s.Info.Defs[id].(*types.Var)
				params = append(params, v)
			}
		}
	}
	fields(d.Recv)
	shift := 1
	if d.Recv != nil {
		shift = 0
	}
	fields(d.Type.Params)
	for _, v := range params {
		if v != nil && isPointer(v.Type()) && f.stable(s.name(v)) {
			l.nonnil[s.name(v)] = true
		}
	}
	x := silence{looker: l, body: true}
	x.block(d.Body.List)
	if x.r.opaque != "" || x.r.panics != "" {
		return nil
	}
	for _, w := range x.r.writes {
		if w.mem || f.shared(w.root) || f.captured(w.root) {
			return nil
		}
	}
	out := &Computes{}
	for _, r := range x.r.reads {
		out.Reads = out.Reads || r.mem || f.foreign(r.root)
	}
	for i, v := range params {
		if v == nil {
			continue
		}
		for _, name := range x.r.derefs {
			if name == s.name(v) {
				out.Derefs |= 1 << min(i+shift, 31)
			}
		}
		// What is followed on some ways only counts, too.
		for _, name := range x.r.through {
			if name == s.name(v) && isPointer(v.Type()) {
				out.Derefs |= 1 << min(i+shift, 31)
			}
		}
	}
	return out
}

// pureCall is a call of a function that only computes.
func (l *looker) pureCall(e *ast.CallExpr) (reading, bool) {
	var id *ast.Ident
	var recv ast.Expr
	switch fun := ast.Unparen(e.Fun).(type) {
	case *ast.Ident:
		id = fun
	case *ast.SelectorExpr:
		id = fun.Sel
		if sel := l.s.Info.Selections[fun]; sel != nil {
			if sel.Kind() != types.MethodVal || len(sel.Index()) != 1 {
				return reading{}, false
			}
			recv = fun.X
		}
	default:
		return reading{}, false
	}
	fn, ok := l.s.object(id).(*types.Func)
	if !ok || fn.Pkg() == nil {
		return reading{}, false
	}
	if r := fn.Signature().Recv(); r != nil && (recv == nil || types.IsInterface(r.Type()) || isPointer(r.Type()) != isPointer(l.s.typeOf(recv))) {
		return reading{}, false
	}
	known := l.pure.of(fn)
	if known == nil || !l.allowed(fn, e) {
		return reading{}, false
	}
	if len(e.Args) == 1 {
		if _, tuple := l.s.typeOf(e.Args[0]).(*types.Tuple); tuple {
			return reading{}, false // which parameter gets what is not modelled
		}
	}
	var r reading
	operand := func(bit int, a ast.Expr) {
		r.add(l.look(a))
		if known.Derefs>>min(bit, 31)&1 == 0 {
			return
		}
		if u, ok := ast.Unparen(a).(*ast.UnaryExpr); ok && u.Op == token.AND && l.s.variable(u.X) != nil {
			r.add(l.look(u.X)) // of a variable, which is read
			return
		}
		v := l.s.variable(a)
		switch {
		case v == nil || !l.nonnil[l.s.name(v)]:
			r.mayPanic("%s may be nil in %s", l.s.text(a), l.s.text(e))
		default:
			r.through = append(r.through, l.s.name(v))
		}
	}
	if recv != nil {
		operand(0, recv)
	}
	for i, a := range e.Args {
		operand(i+1, a)
		if known.Reads {
			switch l.s.typeOf(a).Underlying().(type) {
			case *types.Slice, *types.Map:
				if l.s.brandNew(a) {
					break
				}
				r.reads = append(r.reads, l.content(a))
			}
		}
	}
	if known.Reads && (fn.Pkg().Path() == l.s.Pkg.Path() || !l.tabled(fn)) {
		r.reads = append(r.reads, unknown)
	}
	return r, true
}

// brandNew reports whether nothing but the expression itself has the slice that
// it gives: a literal, or the conversion of a constant.
func (s *side) brandNew(e ast.Expr) bool {
	e = ast.Unparen(e)
	if c, ok := e.(*ast.CallExpr); ok {
		return s.Info.Types[c.Fun].IsType() && len(c.Args) == 1 && s.Info.Types[c.Args[0]].Value != nil
	}
	_, ok := e.(*ast.CompositeLit)
	return ok
}

func (l *looker) tabled(fn *types.Func) bool {
	_, ok := effects.PureFunc(fn)
	return ok
}

// allowed checks what the table demands of the arguments.
func (l *looker) allowed(fn *types.Func, e *ast.CallExpr) bool {
	x, ok := effects.PureFunc(fn)
	if !ok {
		return true
	}
	if x.Formats {
		if e.Ellipsis.IsValid() {
			return false
		}
		for _, a := range e.Args {
			if _, plain := types.Unalias(l.s.typeOf(a)).(*types.Basic); !plain {
				return false
			}
		}
	}
	if x.Count > 0 {
		if n, ok := l.s.number(e.Args[x.Count-1]); !ok || n < 0 || n > 1<<16 {
			return false
		}
	}
	if x.Base > 0 {
		n, ok := l.s.number(e.Args[x.Base-1])
		return ok && n >= 2 && n <= 36
	}
	return true
}
