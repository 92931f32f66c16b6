// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/autobatch/autobatch/rewrite"
)

// guarded reports whether an element or a part of a slice or array, which may be
// out of range, can be made safe by a guard: a test that cuts the strip before
// the iteration that would panic, so that it begins the next strip and panics by
// itself. The guard is noted.
//
// Variants: x[i] with the loop's index i; x[lo:hi] in gather code, with bounds
// that may be evaluated early.
//
// Restrictions: x is a variable that the loop does not assign to; i begins at a
// constant that is not negative, so that once i is out of range all that follow
// are: then the guard of a later iteration speaks for those before it, and code
// behind the calls (which only a guard on the index suits) may rely on it too.
func (m *mover) guarded(e ast.Expr) bool {
	f := m.f
	if f.loop == nil || !f.guardsOK {
		return false
	}
	switch e := e.(type) {
	case *ast.IndexExpr:
		id, ok := ast.Unparen(e.Index).(*ast.Ident)
		if !ok || f.loop.key == nil || f.pass.TypesInfo.Uses[id] != types.Object(f.loop.key) || !f.nonNegative() || !f.unchanged(e.X) {
			return false
		}
		switch types.Unalias(f.pass.TypesInfo.TypeOf(e.X)).Underlying().(type) {
		case *types.Slice, *types.Array:
			f.guard(id.Name + " >= len(" + f.text(e.X) + ")")
			return true
		}
	case *ast.SliceExpr:
		if m.stays || e.Max != nil || e.Slice3 || !f.unchanged(e.X) {
			return false
		}
		limit := "cap("
		switch t := types.Unalias(f.pass.TypesInfo.TypeOf(e.X)).Underlying().(type) {
		case *types.Slice, *types.Array:
		case *types.Basic:
			if t.Info()&types.IsString == 0 {
				return false
			}
			limit = "len("
		default:
			return false
		}
		limit += f.text(e.X) + ")"
		low, high := "0", "len("+f.text(e.X)+")"
		for _, b := range []ast.Expr{e.Low, e.High} {
			if b != nil && f.mentionsBody(b) {
				return false // the guard stands in front of what declares it
			}
			if b != nil && !types.Identical(types.Unalias(f.pass.TypesInfo.TypeOf(b)), types.Typ[types.Int]) {
				if n, ok := constInt(f.pass.TypesInfo, b); !ok || n < 0 || n > 1<<30 {
					return false // a wider number might not fit
				}
			}
		}
		cut := ""
		if e.Low != nil {
			low = f.text(e.Low)
			cut = low + " < 0 || "
		}
		if e.High != nil {
			high = f.text(e.High)
			cut += high + " < " + low + " || " + high + " > " + limit
		} else {
			cut += high + " < " + low
		}
		f.guard(cut)
		return true
	}
	return false
}

// mentionsBody reports whether e needs a variable that the loop's body declares.
func (f *function) mentionsBody(e ast.Expr) bool {
	vars := map[types.Object]bool{}
	f.mentions(e, vars)
	for v := range vars {
		if f.loop.body.Pos() <= v.Pos() && v.Pos() < f.loop.body.End() {
			return true
		}
	}
	return false
}

// guard notes a condition on which a strip is cut.
func (f *function) guard(cut string) {
	if !slices.Contains(f.guards, cut) {
		f.guards = append(f.guards, cut)
	}
}

func (f *function) text(e ast.Expr) string { return string(f.file.text(e.Pos(), e.End())) }

// unchanged reports whether e is a variable of the function that keeps its value
// while the loop runs.
func (f *function) unchanged(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := f.pass.TypesInfo.Uses[id].(*types.Var)
	return ok && f.vars.private(v) && !f.loop.perIteration(v) && !f.writtenIn(f.loop.stmt, v)
}

// nonNegative reports whether the index of the loop begins at zero or more.
func (f *function) nonNegative() bool {
	if f.loop.kind != rewrite.Counted {
		return true
	}
	init, ok := f.loop.stmt.(*ast.ForStmt).Init.(*ast.AssignStmt)
	if !ok {
		return false
	}
	n, ok := constInt(f.pass.TypesInfo, init.Rhs[0])
	return ok && n >= 0
}
