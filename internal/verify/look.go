// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
)

// reading is what evaluating an expression does.
type reading struct {
	reads []loc
	// writes is what is written: by assignments, and behind a slice that is
	// appended to.
	writes []loc
	// panics says why the evaluation may panic, "" if it cannot.
	panics string
	// opaque says why the evaluation is not modelled: it may do anything. "" if
	// it is: then it does nothing but read, and ends soon.
	opaque string
	// derefs are the variables that were certainly followed as pointers.
	derefs []string
	// through are the variables whose objects the value was taken out of.
	through []string
}

func (r *reading) add(o reading) {
	r.reads = append(r.reads, o.reads...)
	r.writes = append(r.writes, o.writes...)
	if r.panics == "" {
		r.panics = o.panics
	}
	if r.opaque == "" {
		r.opaque = o.opaque
	}
	r.derefs = append(r.derefs, o.derefs...)
	r.through = append(r.through, o.through...)
}

func (r *reading) mayPanic(format string, args ...any) {
	if r.panics == "" {
		r.panics = fmt.Sprintf(format, args...)
	}
}

// looker reads expressions of one side, knowing which pointers are not nil.
type looker struct {
	s      *side
	f      *facts
	nonnil map[string]bool
	below  map[string]bound // what index variables of loops around stay below
	pure   *purity          // of the functions that are called; nil if none is known to be pure
	// round is what guards have found out on the path that is executed: "i in x"
	// for an index, and the text of slice expressions that are in range.
	round map[string]bool
	// places are expressions that are another variable under another name.
	places map[ast.Expr]string
}

// look is what evaluating e does. Everything that is not listed is opaque.
func (l *looker) look(e ast.Expr) reading {
	tv := l.s.Info.Types[e]
	if tv.Value != nil || tv.IsNil() || tv.IsType() {
		return reading{}
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return l.look(e.X)
	case *ast.Ident:
		switch obj := l.s.object(e).(type) {
		case *types.Var:
			return l.variable(obj)
		case *types.Func, *types.Const, *types.Nil:
			return reading{}
		}
	case *ast.SelectorExpr:
		return l.selector(e)
	case *ast.StarExpr:
		at, r := l.place(e)
		at.typ = l.s.typeOf(e)
		r.reads = append(r.reads, at)
		return r
	case *ast.IndexExpr:
		return l.index(e)
	case *ast.UnaryExpr:
		return l.unary(e)
	case *ast.BinaryExpr:
		return l.binary(e)
	case *ast.CallExpr:
		return l.call(e)
	case *ast.SliceExpr:
		return l.slice(e)
	case *ast.CompositeLit:
		return l.literal(e)
	case *ast.FuncLit:
		return reading{} // making a function is not calling it
	}
	return reading{opaque: fmt.Sprintf("%s is not modelled", l.s.text(e))}
}

// variable is what reading a variable does.
func (l *looker) variable(v *types.Var) reading {
	if l.s.standardError(v) {
		return reading{} // a constant in all but name
	}
	return reading{reads: []loc{{root: l.s.name(v), typ: v.Type()}}}
}

func (l *looker) selector(e *ast.SelectorExpr) reading {
	sel := l.s.Info.Selections[e]
	if sel == nil { // of a package
		switch obj := l.s.object(e.Sel).(type) {
		case *types.Var:
			return l.variable(obj)
		case *types.Func, *types.Const:
			return reading{}
		}
		return reading{opaque: fmt.Sprintf("%s is not modelled", l.s.text(e))}
	}
	if sel.Kind() != types.FieldVal {
		return reading{opaque: fmt.Sprintf("the method value %s is not modelled", l.s.text(e))}
	}
	at, r := l.place(e)
	at.typ = l.s.typeOf(e)
	r.reads = append(r.reads, at)
	return r
}

func (l *looker) index(e *ast.IndexExpr) reading {
	t := l.s.typeOf(e.X)
	if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
		r := l.look(e.X)
		r.add(l.look(e.Index))
		if !l.inside(e) {
			r.mayPanic("the index %s may be out of range", l.s.text(e.Index))
		}
		return r
	}
	if m, ok := t.Underlying().(*types.Map); ok {
		r := l.look(e.X)
		r.add(l.look(e.Index))
		if !hashes(m.Key()) {
			r.mayPanic("the key %s may be one that cannot be hashed", l.s.text(e.Index))
		}
		r.reads = append(r.reads, l.content(e.X))
		return r
	}
	at, r := l.indexPlace(e)
	at.typ = l.s.typeOf(e)
	r.reads = append(r.reads, at)
	return r
}

func (l *looker) unary(e *ast.UnaryExpr) reading {
	switch e.Op {
	case token.AND:
		_, r := l.place(ast.Unparen(e.X))
		return r
	case token.ADD, token.SUB, token.XOR, token.NOT:
		return l.look(e.X)
	}
	return reading{opaque: fmt.Sprintf("%s is not modelled", l.s.text(e))}
}

// basic reports whether a type is a basic one with the given properties.
func basic(t types.Type, info types.BasicInfo) bool {
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&info != 0
}

func (l *looker) binary(e *ast.BinaryExpr) reading {
	r := l.look(e.X)
	right := l
	if e.Op == token.LAND || e.Op == token.LOR {
		// The right side is evaluated only where the left one lets it.
		right = &looker{}
		*right = *l
		right.nonnil = maps.Clone(l.nonnil)
		right.compared(e.X, e.Op == token.LAND, right.nonnil)
	}
	r.add(right.look(e.Y))
	tx, ty := l.s.Info.Types[e.X], l.s.Info.Types[e.Y]
	switch e.Op {
	case token.ADD, token.SUB, token.MUL, token.AND, token.OR, token.XOR, token.AND_NOT, token.LSS, token.LEQ, token.GTR, token.GEQ:
		if !basic(tx.Type, types.IsNumeric|types.IsString) {
			r.opaque = fmt.Sprintf("%s is not modelled", l.s.text(e))
		}
	case token.QUO, token.REM:
		if !basic(tx.Type, types.IsFloat|types.IsComplex) && (ty.Value == nil || constant.Sign(ty.Value) == 0) {
			r.mayPanic("the division %s may be by zero", l.s.text(e))
		}
	case token.SHL, token.SHR:
		if ty.Value == nil && !basic(ty.Type, types.IsUnsigned) {
			r.mayPanic("the shift count in %s may be negative", l.s.text(e))
		}
	case token.LAND, token.LOR:
		// The right operand may not be evaluated: nothing is learned from it.
		left := l.look(e.X)
		r.derefs = left.derefs
	case token.EQL, token.NEQ:
		switch {
		case tx.IsNil() || ty.IsNil():
		case basic(tx.Type, types.IsBoolean|types.IsNumeric|types.IsString) && basic(ty.Type, types.IsBoolean|types.IsNumeric|types.IsString):
		case isPointer(tx.Type) && isPointer(ty.Type):
		case types.IsInterface(tx.Type) && basic(ty.Type, types.IsBoolean|types.IsNumeric|types.IsString),
			types.IsInterface(ty.Type) && basic(tx.Type, types.IsBoolean|types.IsNumeric|types.IsString):
			// Equal types are compared only, and this one can be.
		default:
			r.mayPanic("the comparison %s may be of values that cannot be compared", l.s.text(e))
		}
	default:
		r.opaque = fmt.Sprintf("%s is not modelled", l.s.text(e))
	}
	return r
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

func isBytes(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	return ok && types.Identical(s.Elem().Underlying(), types.Typ[types.Byte])
}

func (l *looker) call(e *ast.CallExpr) reading {
	opaque := reading{opaque: fmt.Sprintf("%s is called", l.s.text(e.Fun))}
	fun := l.s.Info.Types[e.Fun]
	if fun.IsType() {
		if len(e.Args) != 1 {
			return opaque
		}
		if !quiet(l.s.typeOf(e.Args[0]), fun.Type) {
			return reading{opaque: fmt.Sprintf("the conversion %s is not modelled", l.s.text(e))}
		}
		return l.look(e.Args[0])
	}
	if id, ok := ast.Unparen(e.Fun).(*ast.Ident); ok && fun.IsBuiltin() {
		switch id.Name {
		case "min", "max":
			var r reading
			for _, a := range e.Args {
				r.add(l.look(a))
			}
			return r
		case "append":
			var r reading
			for _, a := range e.Args {
				r.add(l.look(a))
			}
			if e.Ellipsis.IsValid() {
				r.reads = append(r.reads, l.content(e.Args[1]))
			}
			at := l.content(e.Args[0])
			r.reads, r.writes = append(r.reads, at), append(r.writes, at)
			return r
		case "new": // of a type, or of a value since Go 1.26
			return l.look(e.Args[0])
		case "len", "cap":
		default:
			return opaque
		}
		t := l.s.typeOf(e.Args[0])
		switch t.Underlying().(type) {
		case *types.Slice, *types.Array:
			return l.look(e.Args[0])
		}
		if basic(t, types.IsString) {
			return l.look(e.Args[0])
		}
	}
	if l.pure != nil {
		if r, ok := l.pureCall(e); ok {
			return r
		}
	}
	return opaque
}

// quiet reports whether a conversion only reads its operand: what it makes is
// a value, or a copy that nobody else has.
func quiet(from, to types.Type) bool {
	const plain = types.IsNumeric | types.IsString | types.IsBoolean
	switch {
	case basic(from, plain) && basic(to, plain):
		return true
	case basic(from, types.IsString):
		return isBytes(to)
	}
	switch to := to.Underlying().(type) {
	case *types.Pointer:
		p, ok := from.Underlying().(*types.Pointer)
		return ok && types.IdenticalIgnoreTags(p.Elem().Underlying(), to.Elem().Underlying())
	case *types.Slice, *types.Array, *types.Struct:
		return types.IdenticalIgnoreTags(from.Underlying(), to.Underlying())
	}
	return false
}

func (l *looker) slice(e *ast.SliceExpr) reading {
	t := l.s.typeOf(e.X)
	var r reading
	size := int64(-1)
	switch u := t.Underlying().(type) {
	case *types.Array:
		_, r = l.place(e.X)
		size = u.Len()
	case *types.Slice:
		r = l.look(e.X)
	case *types.Pointer:
		a, ok := u.Elem().Underlying().(*types.Array)
		if !ok {
			return reading{opaque: fmt.Sprintf("%s is not modelled", l.s.text(e))}
		}
		_, r = l.behind(e.X)
		size = a.Len()
	default:
		if !basic(t, types.IsString) {
			return reading{opaque: fmt.Sprintf("%s is not modelled", l.s.text(e))}
		}
		r = l.look(e.X)
	}
	if l.round != nil && l.round[l.bounds(e)] {
		for _, b := range []ast.Expr{e.Low, e.High} {
			if b != nil {
				r.add(l.look(b))
			}
		}
		return r
	}
	last := int64(0)
	for _, b := range []ast.Expr{e.Low, e.High, e.Max} {
		if b == nil {
			continue
		}
		r.add(l.look(b))
		v := l.s.Info.Types[b].Value
		if v != nil {
			i, ok := constant.Int64Val(constant.ToInt(v))
			if ok && (i == 0 && b == e.Low || i >= last && i <= size) {
				last = i
				continue
			}
		}
		r.mayPanic("the bounds of %s may be out of range", l.s.text(e))
	}
	return r
}

// literal is a composite literal of a struct, array or slice.
func (l *looker) literal(e *ast.CompositeLit) reading {
	t := l.s.typeOf(e)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem() // elided & inside another literal
	}
	switch t.Underlying().(type) {
	case *types.Struct, *types.Array, *types.Slice:
	default:
		return reading{opaque: fmt.Sprintf("the literal %s is not modelled", l.s.text(e))}
	}
	var r reading
	for _, x := range e.Elts {
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			x = kv.Value
		}
		if c, ok := x.(*ast.CompositeLit); ok {
			r.add(l.literal(c))
			continue
		}
		r.add(l.look(x))
	}
	return r
}

// bounds is a slice expression without a third bound, written so that it is the
// same in both versions.
func (l *looker) bounds(e *ast.SliceExpr) string {
	if e.Slice3 {
		return ""
	}
	p := printer{s: l.s}
	for _, x := range []ast.Expr{e.X, e.Low, e.High} {
		p.node(x)
		p.WriteString(":")
	}
	return p.String()
}
