// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
)

// leading returns the call of the table that evaluating e makes before it
// does anything else, or nil.
func (f *function) leading(e ast.Expr) *call {
	info := f.pass.TypesInfo
	switch x := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		if c := f.syscall(x); c != nil {
			return c
		}
		if info.Types[x.Fun].IsType() && len(x.Args) == 1 {
			return f.leading(x.Args[0])
		}
		// A plain function: its name is all that is evaluated before the
		// arguments. Of a method the receiver would be.
		fn := callee(info, x)
		if fn == nil || fn.Signature().Recv() != nil {
			return nil
		}
		return f.leadingOf(x.Args)
	case *ast.BinaryExpr:
		if x.Op == token.LAND || x.Op == token.LOR {
			return f.leading(x.X)
		}
		return f.leadingOf([]ast.Expr{x.X, x.Y})
	case *ast.UnaryExpr:
		if x.Op == token.NOT || x.Op == token.SUB || x.Op == token.XOR {
			return f.leading(x.X)
		}
	}
	return nil
}

// leadingOf looks at the first operand that is not a constant.
func (f *function) leadingOf(list []ast.Expr) *call {
	for _, e := range list {
		tv := f.pass.TypesInfo.Types[e]
		if tv.Value != nil || tv.IsNil() {
			continue
		}
		return f.leading(e)
	}
	return nil
}

// leadingIn is leading for a whole statement.
func (f *function) leadingIn(s ast.Stmt) *call {
	switch x := s.(type) {
	case *ast.ExprStmt:
		return f.leading(x.X)
	case *ast.ReturnStmt:
		return f.leadingOf(x.Results)
	case *ast.SendStmt: // the channel's name is all that is evaluated before
		if _, ok := ast.Unparen(x.Chan).(*ast.Ident); ok {
			return f.leading(x.Value)
		}
	case *ast.AssignStmt:
		if x.Tok != token.ASSIGN && x.Tok != token.DEFINE || len(x.Rhs) != 1 {
			return nil
		}
		for _, l := range x.Lhs {
			id, ok := ast.Unparen(l).(*ast.Ident)
			if !ok {
				return nil
			}
			if v, ok := f.pass.TypesInfo.ObjectOf(id).(*types.Var); id.Name != "_" && (!ok || !f.vars.private(v)) {
				return nil
			}
		}
		return f.leading(x.Rhs[0])
	}
	return nil
}
