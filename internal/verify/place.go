// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// place is where an operand is stored, and what finding that out does.
func (l *looker) place(e ast.Expr) (loc, reading) {
	if name := l.places[e]; name != "" {
		return loc{root: name}, reading{}
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return l.place(e.X)
	case *ast.Ident:
		if v := l.s.variable(e); v != nil {
			return loc{root: l.s.name(v)}, reading{}
		}
	case *ast.StarExpr:
		return l.behind(e.X)
	case *ast.SelectorExpr:
		return l.fieldPlace(e)
	case *ast.IndexExpr:
		return l.indexPlace(e)
	case *ast.CompositeLit:
		// &T{}: memory that nothing else has.
		return loc{root: fmt.Sprintf("new@%d", e.Pos())}, l.literal(e)
	}
	return unknown, reading{opaque: fmt.Sprintf("%s is not modelled", l.s.text(e))}
}

// behind is the memory that a pointer leads to.
func (l *looker) behind(p ast.Expr) (loc, reading) {
	r := l.look(p)
	if v := l.s.variable(p); v != nil {
		name := l.s.name(v)
		if !l.nonnil[name] {
			r.mayPanic("%s may be nil", v.Name())
		}
		r.derefs = append(r.derefs, name)
		r.through = append(r.through, name)
		return loc{root: name, mem: true, mapped: l.mayBeMapped(v)}, r
	}
	r.mayPanic("%s may be nil", l.s.text(p))
	ast.Inspect(p, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v := l.s.variable(id); v != nil && !v.IsField() {
				r.through = append(r.through, l.s.name(v))
			}
		}
		return true
	})
	at := unknown
	at.mapped = mappable(l.s.typeOf(p))
	return at, r
}

// mayBeMapped reports whether the memory that a variable leads to may be
// anything but an object of Go's own.
func (l *looker) mayBeMapped(v *types.Var) bool {
	name := l.s.name(v)
	return mappable(v.Type()) && !(l.f.pointed[baseOf(name)] && l.f.stable(name)) && !l.f.confined(name)
}

// mappable reports whether what a pointer or slice leads to holds no
// pointers.
func mappable(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Pointer:
		return !pointers(t.Elem())
	case *types.Slice:
		return !pointers(t.Elem())
	}
	return true
}

func (l *looker) fieldPlace(e *ast.SelectorExpr) (loc, reading) {
	sel := l.s.Info.Selections[e]
	if sel == nil {
		if v, ok := l.s.object(e.Sel).(*types.Var); ok {
			return loc{root: l.s.name(v)}, reading{}
		}
		return unknown, reading{opaque: fmt.Sprintf("%s is not modelled", l.s.text(e))}
	}
	if sel.Kind() != types.FieldVal {
		return unknown, reading{opaque: fmt.Sprintf("%s is not modelled", l.s.text(e))}
	}
	var at loc
	var r reading
	t := sel.Recv()
	if p, ok := t.Underlying().(*types.Pointer); ok {
		at, r = l.behind(e.X)
		t = p.Elem()
	} else {
		at, r = l.place(e.X)
		if r.opaque != "" {
			// A field of a value that is in no variable.
			at = unknown
		}
	}
	for _, i := range sel.Index() {
		if p, ok := t.Underlying().(*types.Pointer); ok { // embedded pointer
			r.reads = append(r.reads, at)
			r.mayPanic("an embedded pointer in %s may be nil", l.s.text(e))
			at, t = unknown, p.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok {
			return unknown, reading{opaque: fmt.Sprintf("%s is not modelled", l.s.text(e))}
		}
		f := st.Field(i)
		at, t = at.field("."+f.Name()), f.Type()
	}
	return at, r
}

func (l *looker) indexPlace(e *ast.IndexExpr) (loc, reading) {
	t := l.s.typeOf(e.X)
	ir := l.look(e.Index)
	step := "[*]"
	known := false
	if v := l.s.Info.Types[e.Index].Value; v != nil {
		if i, ok := constant.Int64Val(constant.ToInt(v)); ok {
			step, known = fmt.Sprintf("[%d]", i), true
		}
	}
	if v := l.s.variable(e.Index); v != nil && l.s.key != "" && baseOf(l.s.name(v)) == l.s.key {
		step = "[" + l.s.name(v) + "]"
	}
	switch u := t.Underlying().(type) {
	case *types.Array:
		at, r := l.place(e.X)
		r.add(ir)
		if !known && !l.inside(e) {
			r.mayPanic("the index %s may be out of range", l.s.text(e.Index))
		}
		return at.field(step), r
	case *types.Pointer:
		if _, ok := u.Elem().Underlying().(*types.Array); ok {
			at, r := l.behind(e.X)
			r.add(ir)
			if !known && !l.inside(e) {
				r.mayPanic("the index %s may be out of range", l.s.text(e.Index))
			}
			return at.field(step), r
		}
	case *types.Slice:
		at, r := l.behind(e.X)
		r.derefs = nil // a nil slice has no elements: that is the panic below
		r.add(ir)
		if r.panics = ""; !l.inside(e) {
			r.panics = fmt.Sprintf("the index %s may be out of range", l.s.text(e.Index))
		}
		if ir.panics != "" {
			r.panics = ir.panics
		}
		return at.field(step), r
	}
	return unknown, reading{opaque: fmt.Sprintf("%s is not modelled", l.s.text(e))}
}

// pointee is the memory that a pointer or slice leads to; false if none.
func (l *looker) pointee(e ast.Expr) (at loc, ok bool) {
	tv := l.s.Info.Types[e]
	if tv.IsNil() || tv.Value != nil {
		return loc{}, false
	}
	defer func() { at.typ = target(tv.Type) }()
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			if c, ok := ast.Unparen(e.X).(*ast.CompositeLit); ok && c != nil {
				return loc{}, false
			}
			at, r := l.place(ast.Unparen(e.X))
			if r.opaque == "" {
				return at, true
			}
		}
	case *ast.CompositeLit:
		return loc{}, false
	case *ast.CallExpr:
		if l.s.builtin(e, "new") != nil {
			return loc{}, false
		}
	case *ast.SliceExpr:
		if _, ok := l.s.typeOf(e.X).Underlying().(*types.Array); ok {
			if at, r := l.place(e.X); r.opaque == "" {
				return at, true
			}
			return unknown, true
		}
		return l.pointee(e.X)
	case *ast.Ident:
		if v := l.s.variable(e); v != nil {
			return loc{root: l.s.name(v), mem: true, mapped: l.mayBeMapped(v)}, true
		}
	}
	return unknown, true
}

// target is the type of what a pointer or slice leads to, nil if unknown.
func target(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	switch t := t.Underlying().(type) {
	case *types.Pointer:
		return t.Elem()
	case *types.Slice:
		return t.Elem()
	}
	return nil
}
