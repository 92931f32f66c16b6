// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/autobatch/autobatch/plan"
	"github.com/autobatch/autobatch/rewrite"
)

// gather finds the code that the arguments need in an iteration to come, and
// the variables of which each lane has its own.
func (x *stripper) gather() *refusal {
	f := x.function
	f.groupAt = x.l.body.Pos()
	f.moved = map[types.Object]bool{}
	x.out = &rewrite.Strip{Kind: x.l.kind, Stmt: x.l.stmt, Outer: x.l.outer, Bind: x.l.bind, Lanes: laneCount(x.g.slots())}
	if x.l.kind != rewrite.Counted {
		x.out.Over = x.l.over
	}
	if n, ok := x.constantTrips(); ok && n < 2 {
		return refuse(plan.Loop, x.l.stmt, "the loop has no second iteration")
	} else if ok && n <= int64(x.out.Lanes) {
		x.out.Lanes, x.out.All = int(n), true
	}
	if bad := x.destinations(); bad != nil {
		return bad
	}
	items := append(x.pre[:len(x.pre):len(x.pre)], x.g.gaps...)
	var args []ast.Expr
	for i, s := range x.g.steps {
		for k, a := range s.call.expr.Args {
			if !x.g.isRef(i, k) {
				args = append(args, a)
			}
		}
	}
	conds := map[*between]ast.Expr{}
	for _, s := range x.g.steps {
		for _, p := range s.preds {
			args = append(args, p.cond)
		}
	}
	for _, b := range items {
		if b.do == nil || b.guard {
			continue
		}
		cond, ok := skips(b.stmt)
		switch {
		case !ok:
			return refuse(plan.Control, b.stmt, "%s leaves the iteration in more than one way", f.header(b.stmt))
		case cond != nil && b.after > 0:
			return refuse(plan.Control, b.stmt, "%s leaves the iteration between its calls", f.header(b.stmt))
		case cond != nil:
			conds[b] = cond
			args = append(args, cond)
			if i := b.stmt.(*ast.IfStmt).Init; i != nil {
				return refuse(plan.Control, i, "%s stands in front of the condition on which the iteration ends", f.src(i))
			}
		}
	}
	for _, s := range x.g.steps[1:] {
		if !samePreds(x.g.steps[0], s) {
			return refuse(plan.Control, s.call.expr, "the first call of an iteration stands under a condition, and %s does not", s.call.fn.Name)
		}
	}
	need := map[*between]bool{}
	for _, b := range f.needs(items, args) {
		need[b] = true
	}
	for _, b := range items {
		// A declaration without a value moves in any case.
		need[b] = (need[b] || b.moved) && !x.isLane(b)
		if !need[b] && conds[b] == nil {
			continue
		}
		if bad := x.gatherOne(b, conds[b]); bad != nil {
			return bad
		}
	}
	for _, p := range x.g.steps[0].preds {
		f.guardsOK = true
		_, bad := f.movable(p.cond, nil)
		f.guardsOK = false
		if bad != nil {
			return bad
		}
		x.out.Gather = append(x.out.Gather, rewrite.Gather{Stmt: x.ifOf(p.cond), Skip: p.cond, Not: !p.neg})
	}
	slices.SortStableFunc(x.out.Gather, func(a, b rewrite.Gather) int { return a.Before - b.Before })
	x.out.UsesKey, x.out.UsesValue = x.mentionsVar(x.l.key, need, args), x.mentionsVar(x.l.value, need, args)
	for i, s := range x.g.steps {
		for k, a := range s.call.expr.Args {
			if x.g.isRef(i, k) {
				continue
			}
			if containsLiteral(a) {
				return refuse(plan.Effect, a, "%s holds a function literal", f.src(a))
			}
			f.guardsOK, f.ahead = i == 0, true
			_, bad := f.movable(a, x.inPlace())
			f.guardsOK, f.ahead = false, false
			if bad != nil {
				return bad
			}
		}
	}
	return x.dropUnused(need)
}

// inPlace are the arguments that are evaluated in their place: the first
// lane's first entry's. What they follow all others come after.
func (x *stripper) inPlace() []ast.Expr {
	if len(x.g.steps[0].preds) > 0 {
		return nil
	}
	return x.g.steps[0].call.expr.Args
}

func (x *stripper) mentionsVar(v *types.Var, need map[*between]bool, args []ast.Expr) bool {
	if v == nil {
		return false
	}
	names := map[types.Object]bool{}
	for b, yes := range need {
		if yes {
			x.function.mentions(b.stmt, names)
		}
	}
	for _, a := range args {
		x.function.mentions(a, names)
	}
	return names[v]
}

// gatherOne adds a statement to the gather code.
func (x *stripper) gatherOne(b *between, cond ast.Expr) *refusal {
	f := x.function
	x.out.Gather = append(x.out.Gather, rewrite.Gather{Stmt: b.stmt, Before: b.after, Skip: cond})
	// In the strip's first lane nothing has been cut: what panics there must be
	// what comes first in the original, too.
	f.guardsOK = b.after == 0
	defer func() { f.guardsOK = false }()
	if cond != nil {
		_, bad := f.movable(cond, nil)
		return bad
	}
	switch b.stmt.(type) {
	case *ast.AssignStmt, *ast.DeclStmt, *ast.IfStmt, *ast.SwitchStmt, *ast.IncDecStmt:
	default:
		return refuse(plan.Data, b.stmt, "the arguments need %s", f.src(b.stmt))
	}
	for _, obj := range b.names {
		f.moved[obj] = true
	}
	if b.do == nil || b.decl {
		return nil
	}
	for _, w := range b.do.writes {
		if w.root == nil || w.deref || !x.inBody(w.root) || !f.vars.private(w.root) {
			return refuse(plan.Data, b.stmt, "an argument needs %s, which changes what outlives the iteration", f.src(b.stmt))
		}
	}
	w := &silentWalk{mover: mover{f: f, makes: true}}
	w.writes = &w.d.writes
	w.stmt(b.stmt)
	b.copies = w.copies
	return w.bad
}

// inBody reports whether v is declared in the loop's body.
func (x *stripper) inBody(v *types.Var) bool {
	return x.l.body.Pos() <= v.Pos() && v.Pos() < x.l.body.End()
}

// isLane reports whether a declaration is of variables of which each lane has
// its own.
func (x *stripper) isLane(b *between) bool {
	for _, obj := range b.names {
		if v, ok := obj.(*types.Var); ok && x.lanes[v] != nil {
			return true
		}
	}
	return false
}
