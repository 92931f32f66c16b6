// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/autobatch/autobatch/internal/effects"
	"github.com/autobatch/autobatch/plan"
	"github.com/autobatch/autobatch/rewrite"
)

// maxLane is how many bytes a variable may have of which each lane gets its
// own: it is cleared and copied once more than before in each iteration.
const maxLane = 512

// destinations finds the variables of the body that calls write to (scalar
// expansion): each lane gets its own, zero as the declaration leaves it.
//
// Restrictions: the call is given the whole variable, which was declared
// without a value and is mentioned by nothing in between; nobody else has its
// address.
func (x *stripper) destinations() *refusal {
	f := x.function
	for n, s := range x.g.steps {
		for i, p := range s.call.fn.Params {
			if p.Dir&effects.Out == 0 {
				continue
			}
			arg := ast.Unparen(s.call.expr.Args[i])
			m, ok := f.memoryOf(arg)
			if !ok || m.root == nil || m.deref || !x.inBody(m.root) || x.lanes[m.root] != nil {
				continue
			}
			v := m.root
			if len(m.path) > 0 || !wholeVariable(arg) {
				return refuse(plan.Data, arg, "%s is a part of %s, which each iteration has anew", f.src(arg), v.Name())
			}
			if !f.vars.private(v) {
				return refuse(plan.Alias, arg, "other code has the address of %s", v.Name())
			}
			lane := x.laneOf(v)
			if lane == nil {
				return refuse(plan.Data, arg, "%s is not simply declared in the loop's body without a value", v.Name())
			}
			if lane.Bytes > maxLane {
				return refuse(plan.Price, arg, "%s has %d bytes: a copy for each iteration would cost more than the batch saves", v.Name(), lane.Bytes)
			}
			if at := x.mentionedBefore(v, s, lane.Decl); at != nil {
				return refuse(plan.Data, at, "%s is used before %s is called", v.Name(), s.call.fn.Name)
			}
			lane.Zero, lane.First = zeroText(v.Type(), lane.Type), n
			x.lanes[v] = lane
			x.out.Vars = append(x.out.Vars, *lane)
		}
	}
	return nil
}

// zeroText writes the zero value of a type whose text is given.
func zeroText(t types.Type, text string) string {
	switch u := types.Unalias(t).Underlying().(type) {
	case *types.Struct, *types.Array:
		return text + "{}"
	case *types.Basic:
		switch {
		case u.Info()&types.IsString != 0:
			return `""`
		case u.Info()&types.IsBoolean != 0:
			return "false"
		case u.Info()&types.IsNumeric != 0:
			return "0"
		}
	}
	return "nil"
}

// wholeVariable reports whether a destination is &v or v[:].
func wholeVariable(arg ast.Expr) bool {
	switch e := arg.(type) {
	case *ast.UnaryExpr:
		_, ok := ast.Unparen(e.X).(*ast.Ident)
		return ok && e.Op == token.AND
	case *ast.SliceExpr:
		_, ok := ast.Unparen(e.X).(*ast.Ident)
		return ok && e.Low == nil && e.High == nil && e.Max == nil
	}
	return false
}

// laneOf finds the declaration of v among the statements of the body: `var v T`
// or `v := T{}`.
func (x *stripper) laneOf(v *types.Var) *rewrite.LaneVar {
	f := x.function
	for _, s := range x.l.body.List {
		switch s := s.(type) {
		case *ast.DeclStmt:
			d, ok := s.Decl.(*ast.GenDecl)
			if !ok || d.Tok != token.VAR || len(d.Specs) != 1 {
				continue
			}
			vs := d.Specs[0].(*ast.ValueSpec)
			if len(vs.Names) != 1 || f.pass.TypesInfo.Defs[vs.Names[0]] != v || len(vs.Values) > 0 || vs.Type == nil {
				continue
			}
			return &rewrite.LaneVar{Name: v.Name(), Type: string(f.file.text(vs.Type.Pos(), vs.Type.End())), Decl: s, Bytes: f.pass.TypesSizes.Sizeof(v.Type())}
		case *ast.AssignStmt:
			if s.Tok != token.DEFINE || len(s.Lhs) != 1 || len(s.Rhs) != 1 {
				continue
			}
			id, ok := s.Lhs[0].(*ast.Ident)
			lit, isLit := s.Rhs[0].(*ast.CompositeLit)
			if !ok || !isLit || f.pass.TypesInfo.Defs[id] != v || len(lit.Elts) > 0 || lit.Type == nil {
				continue
			}
			if a, ok := lit.Type.(*ast.ArrayType); ok && a.Len != nil {
				if _, dots := a.Len.(*ast.Ellipsis); dots {
					continue
				}
			}
			return &rewrite.LaneVar{Name: v.Name(), Type: string(f.file.text(lit.Type.Pos(), lit.Type.End())), Decl: s, Bytes: f.pass.TypesSizes.Sizeof(v.Type())}
		}
	}
	return nil
}

// mentionedBefore is a use of v between its declaration and the step s.
func (x *stripper) mentionedBefore(v *types.Var, s *step, decl ast.Stmt) ast.Node {
	var at ast.Node
	for _, st := range x.l.body.List {
		if st == s.stmt {
			break
		}
		if st == decl {
			continue
		}
		ast.Inspect(st, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && x.pass.TypesInfo.Uses[id] == v {
				at = id
			}
			return at == nil
		})
	}
	return at
}

// dropUnused decides what becomes of the gather code in the body: it goes if
// only the calls needed it; what is costly to compute twice is taken from the
// lanes (scalar expansion of the gather code); the rest stays as it is.
func (x *stripper) dropUnused(need map[*between]bool) *refusal {
	f := x.function
	drop := map[*between]bool{}
	items := append(x.pre[:len(x.pre):len(x.pre)], x.g.gaps...)
	for _, b := range items {
		if need[b] && !b.decl && b.do != nil {
			drop[b] = true
		}
	}
	gone := map[ast.Node]bool{}
	resume := false
	for _, s := range x.g.steps {
		if !resume {
			gone[s.call.expr] = true
		}
		resume = resume || s.falls
	}
	for changed := true; changed; {
		changed = false
		for b := range drop {
			gone[b.stmt] = true
		}
		for b := range drop {
			for _, w := range b.do.writes {
				if w.root != nil && x.usedIn(x.l.body, w.root, gone) {
					delete(drop, b)
					delete(gone, b.stmt)
					changed = true
					break
				}
			}
		}
	}
	lastSkip := -1
	for i, g := range x.out.Gather {
		if g.Skip != nil {
			lastSkip = i
		}
	}
	x.out.At = x.g.steps[0].stmt.Pos()
	falls := false
	for _, s := range x.g.steps {
		falls = falls || s.falls
	}
	for i, g := range x.out.Gather {
		if g.Skip != nil {
			continue
		}
		var b *between
		for _, c := range items {
			if c.stmt == g.Stmt {
				b = c
			}
		}
		switch {
		case drop[b]:
			from, to := f.file.withComments(b.stmt)
			x.out.Drops = append(x.out.Drops, rewrite.Move{Stmt: b.stmt, From: from, To: to})
		case b.copies:
			lane := x.valueLane(b)
			if lane == nil || i < lastSkip || b.after > 0 && falls {
				return refuse(plan.Price, b.stmt, "%s would be computed twice", f.src(b.stmt))
			}
			x.out.Vars = append(x.out.Vars, *lane)
			for _, r := range b.stmt.(*ast.AssignStmt).Rhs {
				gone[r] = true
			}
			if b.stmt.Pos() < x.out.At {
				x.out.At = b.stmt.Pos()
			}
		}
	}
	for i := range x.out.Vars {
		v := &x.out.Vars[i]
		for obj, lane := range x.lanes {
			if lane.Decl == v.Decl {
				v.Unused = !x.usedIn(x.l.body, obj, gone)
			}
		}
	}
	x.out.DropValue = x.l.value != nil && !x.usedIn(x.l.body, x.l.value, gone)

	return nil
}

// usedIn reports whether n uses v, the nodes that will be gone left out.
func (x *stripper) usedIn(n ast.Node, v *types.Var, gone map[ast.Node]bool) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if n == nil || gone[n] || found {
			return false
		}
		if id, ok := n.(*ast.Ident); ok && x.pass.TypesInfo.Uses[id] == v {
			found = true
		}
		return !found
	})
	return found
}

// valueLane is the lane variable for `v := costly`, if its type can be written
// anywhere.
func (x *stripper) valueLane(b *between) *rewrite.LaneVar {
	as, ok := b.stmt.(*ast.AssignStmt)
	if !ok || as.Tok != token.DEFINE || len(as.Lhs) != 1 || len(b.names) != 1 {
		return nil
	}
	v, ok := b.names[0].(*types.Var)
	if !ok || x.function.vars.assigned[v] > 0 {
		return nil
	}
	t := types.Unalias(v.Type())
	s, isSlice := t.(*types.Slice)
	if isSlice {
		t = types.Unalias(s.Elem())
	}
	if basic, ok := t.(*types.Basic); !ok || x.function.shadowed(b.stmt.Pos(), basic.Name()) {
		return nil
	}
	return &rewrite.LaneVar{Name: v.Name(), Type: types.TypeString(v.Type(), nil), Decl: b.stmt, Gathered: true, Bytes: x.pass.TypesSizes.Sizeof(v.Type())}
}
