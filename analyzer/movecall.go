// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/types"

	"github.com/autobatch/autobatch/plan"
)

// call visits conversions and builtins; other calls are refused.
func (m *mover) call(x *ast.CallExpr) {
	if x == m.given {
		return
	}
	info := m.f.pass.TypesInfo
	fun := ast.Unparen(x.Fun)
	if tv := info.Types[fun]; tv.IsType() && len(x.Args) == 1 {
		if !quietConversion(tv.Type, info.TypeOf(x.Args[0])) {
			m.refuse(plan.Panic, x, "the conversion %s may panic or copies memory", m.f.src(x))
			return
		}
		m.names(fun)
		m.value(x.Args[0])
		return
	}
	if id, ok := fun.(*ast.Ident); ok {
		if b, ok := info.Uses[id].(*types.Builtin); ok {
			switch b.Name() {
			case "len", "cap":
				switch types.Unalias(info.TypeOf(x.Args[0])).Underlying().(type) {
				case *types.Basic, *types.Slice, *types.Array:
					m.value(x.Args[0])
					return
				}
			case "min", "max":
				for _, a := range x.Args {
					m.value(a)
				}
				return
			case "append":
				if m.writes != nil {
					m.appends(x)
					return
				}
			case "make":
				if m.makes && m.makeSlice(x) {
					return
				}
			}
			m.refuse(plan.Effect, x, "%s cannot be evaluated earlier", m.f.src(x))
			return
		}
	}
	m.pureCall(x)
}

// makeSlice visits make of a slice with constant length.
func (m *mover) makeSlice(x *ast.CallExpr) bool {
	if _, ok := types.Unalias(m.f.pass.TypesInfo.TypeOf(x)).Underlying().(*types.Slice); !ok || len(x.Args) < 2 {
		return false
	}
	for _, a := range x.Args[1:] {
		if n, ok := constInt(m.f.pass.TypesInfo, a); !ok || n < 0 || n > 1<<16 {
			return false
		}
		m.names(a)
	}
	m.names(x.Args[0])
	m.copies = true
	return m.bad == nil
}

// appends visits append(s, ...), which writes behind s.
func (m *mover) appends(x *ast.CallExpr) {
	for _, a := range x.Args {
		m.value(a)
	}
	if x.Ellipsis.IsValid() {
		m.loads = append(m.loads, m.f.behind(x.Args[1]))
	}
	// What is copied where the room does not suffice.
	m.loads = append(m.loads, m.f.behind(x.Args[0]))
	*m.writes = append(*m.writes, m.f.behind(x.Args[0]))
}

// quietConversion reports whether converting never panics, copies no memory
// but that behind an immutable string, and hides no pointer.
func quietConversion(to, from types.Type) bool {
	if isTypeParam(to) || isTypeParam(from) {
		return false
	}
	to, from = types.Unalias(to).Underlying(), types.Unalias(from).Underlying()
	tb, toBasic := to.(*types.Basic)
	fb, fromBasic := from.(*types.Basic)
	switch {
	case toBasic && fromBasic:
		if tb.Kind() == types.UnsafePointer || fb.Kind() == types.UnsafePointer {
			return false
		}
		return true
	case fromBasic && fb.Info()&types.IsString != 0:
		s, ok := to.(*types.Slice)
		return ok && types.Identical(types.Unalias(s.Elem()).Underlying(), types.Typ[types.Byte])
	}
	// Between named types of the same shape nothing happens at all.
	switch to.(type) {
	case *types.Slice, *types.Pointer, *types.Struct, *types.Array:
		return types.IdenticalIgnoreTags(to, from)
	}
	return false
}
