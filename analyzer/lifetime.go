// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/types"
)

// keptAlive lists the pointers whose objects the original kept alive until a
// later call's arguments were evaluated, and that nothing in the rewritten
// code would keep alive while the batch runs: a finalizer or clean-up of
// theirs (closing a descriptor, say) could come too early (rule lifetime).
//
// The first entry's arguments are evaluated where they were. An object that
// one of the entries has the address of is held by the table, one that is
// used further on by that use.
func (f *function) keptAlive(g *group, resume []bool) []string {
	var names []string
	seen := map[*types.Var]bool{}
	keep := func(loads []loc) {
		for _, l := range loads {
			if l.root == nil || !l.deref || seen[l.root] {
				continue
			}
			seen[l.root] = true
			if _, local := f.vars.declared[l.root]; local && !f.usedLater(g, resume, l.root) && !f.held(g, l.root) {
				names = append(names, l.root.Name())
			}
		}
	}
	for _, b := range g.gaps {
		if b.moved && !b.decl {
			w := &silentWalk{mover: mover{f: f}}
			w.writes = &w.d.writes
			w.stmt(b.stmt)
			keep(w.loads)
		}
	}
	for i, s := range g.steps {
		if i == 0 {
			continue
		}
		for k, a := range s.call.expr.Args {
			if g.isRef(i, k) {
				continue
			}
			loads, _ := f.movable(a, f.argsBefore(g, i))
			keep(loads)
		}
	}
	return names
}

// argsBefore are the arguments that the table evaluates before entry n's.
func (f *function) argsBefore(g *group, n int) []ast.Expr {
	var seen []ast.Expr
	for _, s := range g.steps[:n] {
		seen = append(seen, s.call.expr.Args...)
	}
	return seen
}

// held reports whether some entry has the address of memory behind v.
func (f *function) held(g *group, v *types.Var) bool {
	for _, s := range g.steps {
		for i, p := range s.call.fn.Params {
			if p.Dir == 0 {
				continue
			}
			if l, ok := f.memoryOf(s.call.expr.Args[i]); ok && l.root == v && l.deref {
				return true
			}
		}
	}
	return false
}

// usedLater reports whether v is used behind the table on some way that the
// statement list itself takes, or by a deferred call.
func (f *function) usedLater(g *group, resume []bool, v *types.Var) bool {
	gone := map[ast.Node]bool{}
	for i, s := range g.steps {
		if !resume[i] {
			gone[s.call.expr] = true
		}
	}
	for _, b := range g.gaps {
		if b.moved {
			gone[b.stmt] = true
		}
	}
	uses := func(n ast.Node) bool {
		found := false
		ast.Inspect(n, func(n ast.Node) bool {
			if n == nil || gone[n] || found {
				return false
			}
			// What the compiler knows beforehand uses nothing.
			if e, ok := n.(ast.Expr); ok && f.pass.TypesInfo.Types[e].Value != nil {
				return false
			}
			if i, ok := n.(*ast.IfStmt); ok && f.pass.TypesInfo.Types[i.Cond].Value != nil {
				return false
			}
			if id, ok := n.(*ast.Ident); ok && f.pass.TypesInfo.Uses[id] == v {
				found = true
			}
			return !found
		})
		return found
	}
	for _, s := range g.list[g.first:] {
		if uses(s) {
			return true
		}
	}
	for _, fr := range f.path {
		// A loop comes round to what uses the variable.
		var body *ast.BlockStmt
		switch l := fr.owner.(type) {
		case *ast.ForStmt:
			body = l.Body
		case *ast.RangeStmt:
			body = l.Body
		}
		if body != nil && v.Pos() < fr.owner.Pos() && !f.leaves(body.List, true) && uses(fr.owner) {
			return true
		}
		for _, s := range fr.list[:fr.index] {
			if d, ok := s.(*ast.DeferStmt); ok && f.deferHolds(d.Call, v, uses) {
				return true
			}
		}
	}
	return false
}

// deferHolds reports whether a deferred call keeps v's object until it is made:
// a literal that uses v does, and v itself as an argument or receiver; what is
// taken out of the object (o.fd) does not.
func (f *function) deferHolds(c *ast.CallExpr, v *types.Var, uses func(ast.Node) bool) bool {
	is := func(e ast.Expr) bool {
		id, ok := ast.Unparen(e).(*ast.Ident)
		return ok && f.pass.TypesInfo.Uses[id] == v
	}
	for _, a := range c.Args {
		if is(a) {
			return true
		}
	}
	switch fun := ast.Unparen(c.Fun).(type) {
	case *ast.FuncLit:
		return uses(fun)
	case *ast.SelectorExpr:
		sel := f.pass.TypesInfo.Selections[fun]
		return sel != nil && sel.Kind() == types.MethodVal && len(sel.Index()) == 1 && is(fun.X)
	}
	return false
}
