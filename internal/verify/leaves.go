// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/autobatch/autobatch/internal/effects"
)

// leaves reports whether control certainly does not come to the end of a
// list. With breaks, an unlabelled break comes to its end, too.
func (s *side) leaves(list []ast.Stmt, breaks bool) bool {
	for _, st := range list {
		if breaks && hasBreak(st) || hasLabel(st) {
			return false
		}
	}
	for _, st := range list {
		if s.leaving(st) {
			return true
		}
	}
	return false
}

// leaving reports whether control certainly does not come to what follows.
func (s *side) leaving(st ast.Stmt) bool {
	switch st := st.(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return st.Tok != token.FALLTHROUGH
	case *ast.ExprStmt:
		c, ok := st.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok {
			fn, _ := s.object(sel.Sel).(*types.Func)
			return effects.NoReturn(fn)
		}
		id, ok := ast.Unparen(c.Fun).(*ast.Ident)
		return ok && s.object(id) == types.Universe.Lookup("panic")
	case *ast.BlockStmt:
		return s.leaves(st.List, false)
	case *ast.IfStmt:
		return st.Else != nil && s.leaves(st.Body.List, false) && s.leaving(st.Else)
	case *ast.SwitchStmt:
		other := false
		for _, cl := range st.Body.List {
			cl := cl.(*ast.CaseClause)
			other = other || cl.List == nil
			if n := len(cl.Body); n > 0 {
				if b, ok := cl.Body[n-1].(*ast.BranchStmt); ok && b.Tok == token.FALLTHROUGH {
					return false
				}
			}
			if !s.leaves(cl.Body, true) {
				return false
			}
		}
		return other
	}
	return false
}

// hasBreak reports whether a statement has an unlabelled break that leaves
// the statement itself.
func hasBreak(st ast.Stmt) bool {
	found := false
	ast.Inspect(st, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BranchStmt:
			found = found || n.Tok == token.BREAK && n.Label == nil
		case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt, *ast.FuncLit:
			return false
		}
		return !found
	})
	return found
}

// hasLabel reports whether a goto could come to a place inside the statement.
func hasLabel(st ast.Stmt) bool {
	found := false
	ast.Inspect(st, func(n ast.Node) bool {
		_, label := n.(*ast.LabeledStmt)
		found = found || label
		_, lit := n.(*ast.FuncLit)
		return !found && !lit
	})
	return found
}
