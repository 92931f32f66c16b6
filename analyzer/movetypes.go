// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/types"

	"github.com/autobatch/autobatch/plan"
)

func isTypeParam(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.TypeParam)
	return ok
}

// plainType reports whether t is a number, string or boolean.
func plainType(t types.Type) bool {
	b, ok := types.Unalias(t).Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsNumeric|types.IsString|types.IsBoolean) != 0
}

func isFloat(t types.Type) bool {
	b, ok := types.Unalias(t).Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsFloat|types.IsComplex) != 0
}

func isUnsigned(t types.Type) bool {
	b, ok := types.Unalias(t).Underlying().(*types.Basic)
	return ok && b.Info()&types.IsUnsigned != 0
}

// comparesQuietly reports whether == on the type never panics and takes
// bounded time.
func comparesQuietly(t types.Type) bool {
	switch types.Unalias(t).Underlying().(type) {
	case *types.Basic, *types.Pointer, *types.Chan:
		return true
	}
	return false
}

// isArrayPointer is the array type that t points to, or nil.
func isArrayPointer(t types.Type) *types.Array {
	if t == nil {
		return nil
	}
	p, ok := types.Unalias(t).Underlying().(*types.Pointer)
	if !ok {
		return nil
	}
	a, _ := types.Unalias(p.Elem()).Underlying().(*types.Array)
	return a
}

// pointerHops counts the pointers that a field selection goes through.
func pointerHops(t types.Type, index []int) int {
	n := 0
	for _, i := range index {
		if p, ok := types.Unalias(t).Underlying().(*types.Pointer); ok {
			n++
			t = p.Elem()
		}
		st, ok := types.Unalias(t).Underlying().(*types.Struct)
		if !ok {
			return 2 // not expected: refuse
		}
		t = st.Field(i).Type()
	}
	return n
}

// types checks the types that a selection walks through: one that another
// file defines under build constraints may hold the field behind a pointer
// elsewhere.
func (m *mover) types(t types.Type, index []int, at ast.Node) {
	for _, i := range index {
		if p, ok := types.Unalias(t).Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		if n, ok := types.Unalias(t).(*types.Named); ok {
			obj := n.Obj()
			if obj.Pkg() == m.f.pass.Pkg && obj.Parent() == obj.Pkg().Scope() && !m.f.file.sameConfig(obj.Pos()) {
				m.refuse(plan.Build, at, "%s is defined in a file with other build constraints", obj.Name())
			}
		}
		st, ok := types.Unalias(t).Underlying().(*types.Struct)
		if !ok {
			return
		}
		t = st.Field(i).Type()
	}
}

// comparable refuses x == y where it may panic.
func (m *mover) comparable(x, y ast.Expr, whole ast.Node) {
	info := m.f.pass.TypesInfo
	if info.Types[x].IsNil() || info.Types[y].IsNil() {
		return
	}
	a, b := info.TypeOf(x), info.TypeOf(y)
	if comparesQuietly(a) && comparesQuietly(b) {
		return
	}
	// Of an interface and a value of a plain type the types are compared first.
	if plainType(a) && types.IsInterface(b) || plainType(b) && types.IsInterface(a) {
		return
	}
	m.refuse(plan.Panic, whole, "comparing %s may panic", m.f.src(whole))
}
