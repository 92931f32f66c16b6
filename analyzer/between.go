// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
)

// passBetween steps over statements between two calls that need not end the
// batch, and returns the index of the statement behind them.
//
// Variants: defer statements whose operands are evaluated silently stay where
// they are, which is now behind the later calls; declarations of variables
// without initial value move before the table.
//
// Restrictions: what a defer statement evaluates must not be written by any
// call, nor panic; a declaration must have no comments of its own, and its
// names must not occur before it.
func (f *function) passBetween(g *group, last *step) (at int, hoists []*ast.DeclStmt) {
	at = last.next
	if last.stop != nil {
		return at, nil
	}
	for ; at < len(g.list); at++ {
		switch s := g.list[at].(type) {
		case *ast.DeferStmt:
			if f.silentDefer(s) {
				continue
			}
		case *ast.DeclStmt:
			if f.hoistable(g, s) {
				hoists = append(hoists, s)
				continue
			}
		}
		break
	}
	return at, hoists
}

// silentDefer reports whether executing the defer statement does nothing that
// could be told from doing it a few calls later.
func (f *function) silentDefer(s *ast.DeferStmt) bool {
	switch fun := ast.Unparen(s.Call.Fun).(type) {
	case *ast.FuncLit:
	case *ast.Ident, *ast.SelectorExpr:
		fn := callee(f.pass.TypesInfo, s.Call)
		if fn == nil {
			return false
		}
		if recv := fn.Signature().Recv(); recv != nil {
			sel, ok := fun.(*ast.SelectorExpr)
			if !ok {
				return false
			}
			// The receiver is a pointer variable of the function's own.
			id, ok := ast.Unparen(sel.X).(*ast.Ident)
			if !ok || !f.silent(id) {
				return false
			}
			if s := f.pass.TypesInfo.Selections[sel]; s == nil || len(s.Index()) != 1 {
				return false
			}
			_, ptrRecv := recv.Type().(*types.Pointer)
			_, ptrVar := types.Unalias(f.pass.TypesInfo.TypeOf(id)).Underlying().(*types.Pointer)
			if !ptrRecv || !ptrVar {
				return false
			}
		}
	default:
		return false
	}
	for _, a := range s.Call.Args {
		if f.pass.TypesInfo.Types[a].Value == nil && !f.silent(a) {
			return false
		}
	}
	return true
}

// silent reports whether e is a variable that nobody else writes.
func (f *function) silent(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := f.pass.TypesInfo.Uses[id].(*types.Var)
	return ok && f.own(loc{root: v}) && !f.isDestination(v)
}

// hoistable reports whether a declaration may move before the group.
func (f *function) hoistable(g *group, s *ast.DeclStmt) bool {
	d, ok := s.Decl.(*ast.GenDecl)
	if !ok || d.Tok != token.VAR || d.Doc != nil || len(d.Specs) != 1 || f.hasGoto {
		return false
	}
	vs := d.Specs[0].(*ast.ValueSpec)
	if len(vs.Values) > 0 || vs.Type == nil || vs.Doc != nil || vs.Comment != nil || f.file.commented(s) {
		return false
	}
	if _, param := types.Unalias(f.pass.TypesInfo.TypeOf(vs.Type)).(*types.TypeParam); param {
		return false
	}
	declares := map[string]bool{}
	for _, n := range vs.Names {
		declares[n.Name] = true
	}
	// The type and the statements passed must not mean something else.
	clash := false
	for _, st := range g.list[g.first:] {
		if st == ast.Stmt(s) {
			break
		}
		ast.Inspect(st, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && declares[id.Name] {
				clash = true
			}
			return !clash
		})
	}
	ast.Inspect(vs.Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && (declares[id.Name] || f.local(id)) {
			clash = true
		}
		return !clash
	})
	return !clash
}

// local reports whether a name in a type is declared inside the function: it
// may be declared between the calls.
func (f *function) local(id *ast.Ident) bool {
	obj := f.pass.TypesInfo.Uses[id]
	return obj != nil && obj.Pkg() == f.pass.Pkg && obj.Parent() != f.pass.Pkg.Scope() && !isField(obj) && !isPkgName(obj)
}

func isField(obj types.Object) bool { v, ok := obj.(*types.Var); return ok && v.IsField() }

func isPkgName(obj types.Object) bool { _, ok := obj.(*types.PkgName); return ok }

// commented reports whether a comment stands on the lines of n, or right above.
func (s *fileState) commented(n ast.Node) bool {
	tok := s.pass.Fset.File(s.syntax.FileStart)
	from, to := tok.Line(n.Pos()), tok.Line(n.End())
	for _, g := range s.syntax.Comments {
		if a, b := tok.Line(g.Pos()), tok.Line(g.End()); b >= from-1 && a <= to {
			return true
		}
	}
	return false
}
