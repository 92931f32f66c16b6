// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// reading is what evaluating an expression does.
type reading struct {
	reads []loc
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
			return reading{reads: []loc{{root: l.s.name(obj)}}}
		case *types.Func, *types.Const, *types.Nil:
			return reading{}
		}
	case *ast.SelectorExpr:
		return l.selector(e)
	case *ast.StarExpr:
		at, r := l.place(e)
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

func (l *looker) selector(e *ast.SelectorExpr) reading {
	sel := l.s.Info.Selections[e]
	if sel == nil { // of a package
		switch obj := l.s.object(e.Sel).(type) {
		case *types.Var:
			return reading{reads: []loc{{root: l.s.name(obj)}}}
		case *types.Func, *types.Const:
			return reading{}
		}
		return reading{opaque: fmt.Sprintf("%s is not modelled", l.s.text(e))}
	}
	if sel.Kind() != types.FieldVal {
		return reading{opaque: fmt.Sprintf("the method value %s is not modelled", l.s.text(e))}
	}
	at, r := l.place(e)
	r.reads = append(r.reads, at)
	return r
}

// place is where an operand is stored, and what finding that out does.
func (l *looker) place(e ast.Expr) (loc, reading) {
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
	if t := l.s.Info.TypeOf(p); t != nil {
		at.mapped = mappable(t)
	}
	return at, r
}

// mayBeMapped reports whether the memory that a variable leads to may be
// anything but an object of Go's own.
func (l *looker) mayBeMapped(v *types.Var) bool {
	name := l.s.name(v)
	return mappable(v.Type()) && !(l.f.pointed[name] && l.f.stable(name))
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
	t := l.s.Info.TypeOf(e.X)
	if t == nil {
		return unknown, reading{opaque: "no type"}
	}
	ir := l.look(e.Index)
	step := "[*]"
	if v := l.s.Info.Types[e.Index].Value; v != nil {
		if i, ok := constant.Int64Val(constant.ToInt(v)); ok {
			step = fmt.Sprintf("[%d]", i)
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Array:
		at, r := l.place(e.X)
		r.add(ir)
		if step == "[*]" {
			r.mayPanic("the index %s may be out of range", l.s.text(e.Index))
		}
		return at.field(step), r
	case *types.Pointer:
		if _, ok := u.Elem().Underlying().(*types.Array); ok {
			at, r := l.behind(e.X)
			r.add(ir)
			if step == "[*]" {
				r.mayPanic("the index %s may be out of range", l.s.text(e.Index))
			}
			return at.field(step), r
		}
	case *types.Slice:
		at, r := l.behind(e.X)
		r.derefs = nil // a nil slice has no elements: that is the panic below
		r.add(ir)
		r.panics = fmt.Sprintf("the index %s may be out of range", l.s.text(e.Index))
		return at.field(step), r
	}
	return unknown, reading{opaque: fmt.Sprintf("%s is not modelled", l.s.text(e))}
}

func (l *looker) index(e *ast.IndexExpr) reading {
	t := l.s.Info.TypeOf(e.X)
	if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
		r := l.look(e.X)
		r.add(l.look(e.Index))
		r.mayPanic("the index %s may be out of range", l.s.text(e.Index))
		return r
	}
	at, r := l.indexPlace(e)
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
	r.add(l.look(e.Y))
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
		if !quiet(l.s.Info.TypeOf(e.Args[0]), fun.Type) {
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
		case "len", "cap":
		default:
			return opaque
		}
		t := l.s.Info.TypeOf(e.Args[0])
		switch t.Underlying().(type) {
		case *types.Slice, *types.Array:
			return l.look(e.Args[0])
		}
		if basic(t, types.IsString) {
			return l.look(e.Args[0])
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
	switch to.Underlying().(type) {
	case *types.Slice, *types.Array, *types.Struct, *types.Pointer:
		return types.IdenticalIgnoreTags(from.Underlying(), to.Underlying())
	}
	return false
}

func (l *looker) slice(e *ast.SliceExpr) reading {
	t := l.s.Info.TypeOf(e.X)
	var r reading
	size := int64(-1)
	switch u := t.Underlying().(type) {
	case *types.Array:
		_, r = l.place(e.X)
		size = u.Len()
	case *types.Slice:
		r = l.look(e.X)
	default:
		if !basic(t, types.IsString) {
			return reading{opaque: fmt.Sprintf("%s is not modelled", l.s.text(e))}
		}
		r = l.look(e.X)
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
	t := l.s.Info.TypeOf(e)
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

// pointee is the memory that a pointer or slice leads to; false if none.
func (l *looker) pointee(e ast.Expr) (loc, bool) {
	tv := l.s.Info.Types[e]
	if tv.IsNil() || tv.Value != nil {
		return loc{}, false
	}
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
	case *ast.SliceExpr:
		if _, ok := l.s.Info.TypeOf(e.X).Underlying().(*types.Array); ok {
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
