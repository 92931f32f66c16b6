// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/autobatch/autobatch/rewrite"
)

// constantTrips is the number of iterations that the loop has if nothing ends
// it early, where the source says it.
func (x *stripper) constantTrips() (int64, bool) {
	info := x.pass.TypesInfo
	switch x.l.kind {
	case rewrite.RangeElements:
		t := types.Unalias(info.TypeOf(x.l.over)).Underlying()
		if a, ok := t.(*types.Array); ok {
			return a.Len(), true
		}
		if a := isArrayPointer(t); a != nil {
			return a.Len(), true
		}
		lit, ok := ast.Unparen(x.l.over).(*ast.CompositeLit)
		if !ok {
			return 0, false
		}
		for _, e := range lit.Elts {
			if _, keyed := e.(*ast.KeyValueExpr); keyed {
				return 0, false
			}
		}
		return int64(len(lit.Elts)), true
	case rewrite.RangeInt:
		return constInt(info, x.l.over)
	case rewrite.Counted:
		return x.countedTrips(x.l.stmt.(*ast.ForStmt))
	}
	return 0, false
}

// countedTrips is the number of iterations of `for i := a; i < b; i += c` with
// constants. What could wrap around is not counted.
func (x *stripper) countedTrips(s *ast.ForStmt) (int64, bool) {
	info := x.pass.TypesInfo
	cond, ok := ast.Unparen(s.Cond).(*ast.BinaryExpr)
	if !ok || cond.Op != token.LSS && cond.Op != token.LEQ {
		return 0, false
	}
	id, ok := ast.Unparen(cond.X).(*ast.Ident)
	if !ok || info.Uses[id] != x.l.key {
		return 0, false
	}
	from, ok1 := constInt(info, s.Init.(*ast.AssignStmt).Rhs[0])
	to, ok2 := constInt(info, cond.Y)
	step := int64(1)
	if p, ok := s.Post.(*ast.AssignStmt); ok {
		step, _ = constInt(info, p.Rhs[0])
	}
	const most = 100 // of each: no type of integers ends before that
	if !ok1 || !ok2 || from < 0 || to > most || step > most/4 {
		return 0, false
	}
	if cond.Op == token.LEQ {
		to++
	}
	return max(0, (to-from+step-1)/step), true
}
