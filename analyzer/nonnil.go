// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
)

// frame is one statement list that encloses the place the walk is at.
type frame struct {
	list  []ast.Stmt
	index int      // of the statement that the walk is in
	owner ast.Node // the statement or function whose body the list is
}

// nonNil reports whether the pointer v is known not to be nil at the
// statement that the walk is at: it was dereferenced, compared with nil or
// made by & or new on every way there, and not written since. seen are
// expressions evaluated in between.
func (f *function) nonNil(v *types.Var, seen []ast.Expr) bool {
	if !f.vars.steady(v) || f.hasGoto {
		return false
	}
	if _, ok := f.assumed[v]; ok {
		f.assumed[v] = true
		return true
	}
	// An iteration's own pointer is another one in each: that the first lane's has
	// been followed says nothing of the others.
	own := f.ahead && f.loop.perIteration(v)
	for _, e := range seen {
		if !own && f.dereferences(e, v) {
			return true
		}
	}
	for _, fr := range f.path {
		if f.ownerProves(fr, v) {
			return true
		}
		for _, s := range fr.list[:fr.index] {
			if f.statementProves(s, v) {
				return true
			}
		}
	}
	return false
}

// ownerProves looks at the header of the statement around a list.
func (f *function) ownerProves(fr frame, v *types.Var) bool {
	switch o := fr.owner.(type) {
	case *ast.IfStmt:
		if o.Init != nil && f.statementProves(o.Init, v) {
			return true
		}
		if f.dereferences(o.Cond, v) {
			return true
		}
		inBody := len(o.Body.List) > 0 && len(fr.list) > 0 && o.Body.List[0] == fr.list[0]
		return inBody && f.impliesNonNil(o.Cond, v, true)
	case *ast.ForStmt:
		return o.Init != nil && f.statementProves(o.Init, v) || o.Cond != nil && (f.dereferences(o.Cond, v) || f.impliesNonNil(o.Cond, v, true))
	case *ast.RangeStmt:
		return f.evaluatesRange(o) && f.dereferences(o.X, v)
	case *ast.SwitchStmt:
		return o.Init != nil && f.statementProves(o.Init, v) || o.Tag != nil && f.dereferences(o.Tag, v)
	}
	return false
}

// statementProves reports whether v is not nil once s has been executed.
func (f *function) statementProves(s ast.Stmt, v *types.Var) bool {
	switch s := s.(type) {
	case *ast.ExprStmt:
		return f.dereferences(s.X, v)
	case *ast.AssignStmt:
		for i, l := range s.Lhs {
			if id, ok := l.(*ast.Ident); ok && f.pass.TypesInfo.Defs[id] == v && len(s.Lhs) == len(s.Rhs) && f.fresh(s.Rhs[i]) {
				return true
			}
			if f.dereferences(l, v) {
				return true
			}
		}
		for _, r := range s.Rhs {
			if f.dereferences(r, v) {
				return true
			}
		}
	case *ast.DeclStmt:
		d, ok := s.Decl.(*ast.GenDecl)
		if !ok {
			return false
		}
		for _, spec := range d.Specs {
			if vs, ok := spec.(*ast.ValueSpec); ok {
				for i, val := range vs.Values {
					if f.dereferences(val, v) {
						return true
					}
					if len(vs.Names) == len(vs.Values) && f.pass.TypesInfo.Defs[vs.Names[i]] == v && f.fresh(val) {
						return true
					}
				}
			}
		}
	case *ast.IncDecStmt:
		return f.dereferences(s.X, v)
	case *ast.IfStmt:
		if s.Init != nil && f.statementProves(s.Init, v) || f.dereferences(s.Cond, v) {
			return true
		}
		// if v == nil { return … }
		return s.Else == nil && f.leaves(s.Body.List, false) && f.impliesNonNil(s.Cond, v, false)
	case *ast.SwitchStmt:
		return s.Init != nil && f.statementProves(s.Init, v) || s.Tag != nil && f.dereferences(s.Tag, v)
	case *ast.RangeStmt:
		return f.evaluatesRange(s) && f.dereferences(s.X, v)
	}
	return false
}

// evaluatesRange reports whether a range expression is evaluated for sure: of
// an array only the length may be needed, which is a constant.
func (f *function) evaluatesRange(s *ast.RangeStmt) bool {
	t := types.Unalias(f.pass.TypesInfo.TypeOf(s.X)).Underlying()
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem()).Underlying()
	}
	_, array := t.(*types.Array)
	return !array
}

// fresh reports whether e makes a new object.
func (f *function) fresh(e ast.Expr) bool {
	switch x := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		return x.Op == token.AND
	case *ast.CallExpr:
		if id, ok := ast.Unparen(x.Fun).(*ast.Ident); ok {
			b, ok := f.pass.TypesInfo.Uses[id].(*types.Builtin)
			return ok && b.Name() == "new"
		}
	}
	return false
}

// impliesNonNil reports whether cond being the given truth value means that
// v is not nil.
func (f *function) impliesNonNil(cond ast.Expr, v *types.Var, truth bool) bool {
	switch x := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		return x.Op == token.NOT && f.impliesNonNil(x.X, v, !truth)
	case *ast.BinaryExpr:
		switch x.Op {
		case token.LAND:
			return truth && (f.impliesNonNil(x.X, v, true) || f.impliesNonNil(x.Y, v, true))
		case token.LOR:
			return !truth && (f.impliesNonNil(x.X, v, false) || f.impliesNonNil(x.Y, v, false))
		case token.NEQ, token.EQL:
			id, ok := ast.Unparen(x.X).(*ast.Ident)
			return ok && f.pass.TypesInfo.Uses[id] == v && f.pass.TypesInfo.Types[x.Y].IsNil() && truth == (x.Op == token.NEQ)
		}
	}
	return false
}

// dereferences reports whether evaluating e is sure to dereference v.
func (f *function) dereferences(e ast.Expr, v *types.Var) bool {
	found := false
	is := func(e ast.Expr) bool {
		id, ok := ast.Unparen(e).(*ast.Ident)
		return ok && f.pass.TypesInfo.Uses[id] == v
	}
	ast.Inspect(e, func(n ast.Node) bool {
		if found {
			return false
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.BinaryExpr:
			if n.Op == token.LAND || n.Op == token.LOR {
				found = f.dereferences(n.X, v)
				return false
			}
		case *ast.CallExpr:
			// Builtins such as len and unsafe.Sizeof may not evaluate their
			// argument.
			if f.pass.TypesInfo.Types[n].Value != nil {
				return false
			}
			if f.pass.TypesInfo.Types[n.Fun].IsBuiltin() {
				return false
			}
		case *ast.StarExpr:
			found = found || is(n.X)
		case *ast.IndexExpr:
			found = found || is(n.X) && isArrayPointer(f.pass.TypesInfo.TypeOf(n.X)) != nil
		case *ast.SelectorExpr:
			sel := f.pass.TypesInfo.Selections[n]
			if sel != nil && sel.Kind() == types.FieldVal && is(n.X) && isPointerType(f.pass.TypesInfo.TypeOf(n.X)) && pointerHops(f.pass.TypesInfo.TypeOf(n.X), sel.Index()) > 0 {
				found = true
			}
		}
		return !found
	})
	return found
}

func isPointerType(t types.Type) bool {
	_, ok := types.Unalias(t).Underlying().(*types.Pointer)
	return ok
}
