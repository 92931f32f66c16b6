// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
)

// inRange reports whether an index expression of a slice, string or array
// cannot be out of range, because of the loop around it.
//
// Variants: x[i] inside `for i := range x`, `for i := 0; i < len(x); i++`, and
// the same with an array's length or with a slice made as long as x.
//
// Restrictions: x keeps its value in the whole function, and so does i but for
// what the loop's head does.
func (f *function) inRange(e *ast.IndexExpr) bool {
	info := f.pass.TypesInfo
	id, ok := ast.Unparen(e.Index).(*ast.Ident)
	if !ok {
		return false
	}
	i, ok := info.Uses[id].(*types.Var)
	if !ok {
		return false
	}
	for k := len(f.path) - 1; k >= 0; k-- {
		bound := f.boundOf(f.path[k].owner, i)
		if bound == nil {
			continue
		}
		return f.within(bound, e.X)
	}
	return false
}

// boundOf is the expression whose length, or whose value if it is an integer,
// the variable i of the loop stays below and never is negative; nil if owner
// is no loop that counts with i.
func (f *function) boundOf(owner ast.Node, i *types.Var) ast.Expr {
	info := f.pass.TypesInfo
	switch s := owner.(type) {
	case *ast.RangeStmt:
		if id, ok := s.Key.(*ast.Ident); ok && info.Defs[id] == i && f.vars.steady(i) {
			return s.X
		}
	case *ast.ForStmt:
		if !f.counts(s, i) {
			return nil
		}
		c, ok := ast.Unparen(s.Cond).(*ast.BinaryExpr)
		if !ok || c.Op != token.LSS && c.Op != token.NEQ {
			return nil
		}
		if c.Op == token.NEQ {
			return nil // it may begin behind its end
		}
		if x, ok := ast.Unparen(c.X).(*ast.Ident); !ok || info.Uses[x] != i {
			return nil
		}
		if call, ok := ast.Unparen(c.Y).(*ast.CallExpr); ok && len(call.Args) == 1 {
			if b, ok := ast.Unparen(call.Fun).(*ast.Ident); ok && info.Uses[b] == types.Universe.Lookup("len") {
				return call.Args[0]
			}
		}
		return c.Y
	}
	return nil
}

// counts reports whether s is `for i := N; …; i++` with a constant N that is
// not negative, and nothing else writes i.
func (f *function) counts(s *ast.ForStmt, i *types.Var) bool {
	init, ok := s.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE || len(init.Lhs) != 1 || len(init.Rhs) != 1 || s.Cond == nil {
		return false
	}
	id, ok := init.Lhs[0].(*ast.Ident)
	if !ok || f.pass.TypesInfo.Defs[id] != i || f.vars.exposed(i) || f.vars.assigned[i] != 1 {
		return false
	}
	if n, ok := constInt(f.pass.TypesInfo, init.Rhs[0]); !ok || n < 0 {
		return false
	}
	post, ok := s.Post.(*ast.IncDecStmt)
	if !ok || post.Tok != token.INC {
		return false
	}
	p, ok := ast.Unparen(post.X).(*ast.Ident)
	return ok && f.pass.TypesInfo.Uses[p] == i
}

// within reports whether an index below bound (its length, or its value) is in
// the range of x.
func (f *function) within(bound, x ast.Expr) bool {
	info := f.pass.TypesInfo
	if t, ok := arrayOf(info.TypeOf(x)); ok {
		if u, ok := arrayOf(info.TypeOf(bound)); ok {
			return u.Len() <= t.Len()
		}
		n, ok := constInt(info, bound)
		return ok && f.literal(bound) && n <= t.Len()
	}
	xv, bv := f.steadyVar(x), f.steadyVar(bound)
	if xv == nil {
		return false
	}
	if bv != nil && !plainType(bv.Type()) && !isSlice(bv.Type()) {
		return false // a map's or channel's length changes by itself, and a map's keys are no indexes
	}
	if xv == bv {
		return true
	}
	// x := make([]T, len(bound)), or make([]T, bound).
	size := ast.Unparen(f.vars.size[xv])
	if size == nil || bv == nil {
		return false
	}
	if c, ok := size.(*ast.CallExpr); ok && len(c.Args) == 1 {
		if b, ok := ast.Unparen(c.Fun).(*ast.Ident); ok && info.Uses[b] == types.Universe.Lookup("len") {
			return f.steadyVar(c.Args[0]) == bv && !plainType(bv.Type())
		}
		return false
	}
	return f.steadyVar(size) == bv && plainType(bv.Type())
}

// steadyVar is the variable that e names if that keeps its first value.
func (f *function) steadyVar(e ast.Expr) *types.Var {
	if e == nil {
		return nil
	}
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return nil
	}
	v, ok := f.pass.TypesInfo.Uses[id].(*types.Var)
	if !ok || !f.vars.steady(v) || f.vars.loopVar[v] {
		return nil
	}
	return v
}

func isSlice(t types.Type) bool {
	_, ok := types.Unalias(t).Underlying().(*types.Slice)
	return ok
}

// arrayOf is the array type that t is or, being a pointer to one, leads to.
func arrayOf(t types.Type) (*types.Array, bool) {
	if t == nil {
		return nil, false
	}
	a, ok := types.Unalias(t).Underlying().(*types.Array)
	return a, ok
}
