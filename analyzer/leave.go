// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/autobatch/autobatch/internal/effects"
)

// leaves reports whether control never falls out of the end of a handler's
// body, so that the statement after the check is not reached from it.
// clause says that the body is a switch clause, where an unlabelled break
// only ends the switch. It may answer no for a body that does leave; then the
// later calls ask whether their entry ran, which is always right.
func (f *function) leaves(body []ast.Stmt, clause bool) bool {
	if len(body) == 0 {
		return false
	}
	switch s := body[len(body)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		switch s.Tok {
		case token.GOTO, token.CONTINUE:
			return true
		case token.BREAK:
			return !clause || s.Label != nil
		}
	case *ast.ExprStmt:
		c, ok := s.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		if effects.NoReturn(callee(f.pass.TypesInfo, c)) {
			return true
		}
		id, ok := ast.Unparen(c.Fun).(*ast.Ident)
		if !ok {
			return false
		}
		b, ok := f.pass.TypesInfo.Uses[id].(*types.Builtin)
		return ok && b.Name() == "panic"
	case *ast.BlockStmt:
		return f.leaves(s.List, clause)
	case *ast.IfStmt:
		return s.Else != nil && f.leaves(s.Body.List, clause) && f.leaves([]ast.Stmt{s.Else}, clause)
	}
	return false
}
