// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/token"

	"github.com/autobatch/autobatch/plan"
)

// predicate is a condition under which alone control comes to a place.
type predicate struct {
	cond ast.Expr
	neg  bool // it must not hold
	do   *doing
}

// cursor is the place that a group has grown to. It goes down into the branches
// of conditions that are known before the batch, and comes up behind them.
type cursor struct {
	list  []ast.Stmt
	at    int
	preds []predicate // on the way here since the group began
	up    *cursor     // nil for the list in which the group began
	last  bool        // nothing behind the list can be part of the group
	other ast.Stmt    // the branch to go down next
	neg   []predicate // its conditions
}

// walker is a group that grows.
type walker struct {
	*function
	g    *group
	c    *cursor
	gap  []*between
	base []frame // the path where the group began
}

// grow adds steps to g as long as the rules allow.
func (f *function) grow(g *group) {
	w := &walker{function: f, g: g, base: f.path}
	defer func() { f.path = w.base }()
	w.c = &cursor{list: g.list, at: g.steps[0].next, preds: g.steps[0].preds}
	if g.start != nil {
		w.c, g.gaps = g.start.cursor, g.start.conds
		w.enterPaths(w.c)
	}
	w.into(g.steps[0])
	for w.next() {
	}
	g.end, g.tail = w.c, w.gap
}

// enterPaths makes the path that of a cursor that has gone down already.
func (w *walker) enterPaths(c *cursor) {
	if c.up != nil {
		w.enterPaths(c.up)
		w.path = append(w.path[:len(w.path):len(w.path)], frame{list: c.list, owner: c.up.list[c.up.at-1]})
	}
}

// into follows a step whose outcome decides a branch with more calls.
func (w *walker) into(s *step) {
	if s.into == nil {
		return
	}
	w.down(s.into.Body.List, s.into, w.c.preds)
	w.c.last = true
}

// down goes into a list of statements nested in owner, the statement before
// the cursor.
func (w *walker) down(list []ast.Stmt, owner ast.Stmt, preds []predicate) {
	w.c = &cursor{list: list, preds: preds, up: w.c}
	w.path = append(w.path[:len(w.path):len(w.path)], frame{list: list, owner: owner})
}

// next adds the next step; false if there is none.
func (w *walker) next() bool {
	g, f := w.g, w.function
	last := g.steps[len(g.steps)-1]
	if last.stop != nil {
		w.miss(nil)
		return false
	}
	for w.c.at >= len(w.c.list) {
		if w.c.last || w.c.up == nil {
			return false
		}
		w.up()
	}
	st := w.c.list[w.c.at]
	w.path[len(w.path)-1].index = w.c.at
	t, why := f.stepAt(w.c.list, w.c.at)
	if why != nil {
		return false // groups reports it
	}
	if t == nil {
		b, bad := w.pass(st)
		if bad != nil {
			if id, s := f.usesResult(g.steps, st); id != nil && !f.callsFunctions(st) {
				bad = refuse(plan.Data, id, "%s needs the result of %s", id.Name, s.call.fn.Name)
			}
			w.miss(bad)
			return false
		}
		if b != nil {
			w.gap = append(w.gap, b)
		}
		return true
	}
	t.preds = w.c.preds
	if bad := w.join(t); bad != nil {
		f.file.remark(bad.between(last, t), true)
		return false
	}
	w.c.at = t.next
	w.gap = nil
	w.into(t)
	return true
}

// join holds the rules against a step.
func (w *walker) join(t *step) *refusal {
	f, path := w.function, w.path
	defer func(end token.Pos) { f.path, f.regionEnd = path, end }(f.regionEnd)
	f.regionEnd = max(f.fixedEnd, w.c.list[t.next-1].End())
	f.path = w.base // where the table is
	bad := f.join(w.g, w.gap, t)
	if bad == nil {
		w.g.steps = append(w.g.steps, t)
		w.g.until = f.regionEnd
	}
	return bad
}

// up comes out of a branch, or goes down into the other one.
func (w *walker) up() {
	c := w.c
	w.path = w.path[:len(w.path)-1]
	w.c = c.up
	if c.other == nil {
		return
	}
	switch o := c.other.(type) {
	case *ast.BlockStmt:
		w.down(o.List, w.c.list[w.c.at-1], c.neg)
	case *ast.IfStmt: // else if
		w.branch(o, c.neg)
	}
}

// pass steps over a statement that holds no call of its own, or goes down into
// its branches. Nil and nil mean that the cursor has moved otherwise.
//
// Variants: silent code, deferred calls with silent operands, declarations (see
// between.go); `if cond { … }` with calls inside, else branches too, where cond is
// known before the batch: what is inside becomes predicated entries; `if cond {
// …; return }`, behind which all is predicated with the opposite.
//
// Restrictions: cond neither depends on the batch's calls nor has effects, and
// is evaluated once more in its place (see predicates).
func (w *walker) pass(st ast.Stmt) (*between, *refusal) {
	f, n := w.function, len(w.g.steps)
	inner := w.c.up != nil
	switch s := st.(type) {
	case *ast.DeferStmt:
		if !f.silentDefer(s) {
			return nil, refuse(plan.Effect, s, "%s evaluates what may change", f.src(s))
		}
		w.c.at++
		return &between{stmt: s, after: n, inner: inner}, nil
	case *ast.DeclStmt:
		if !inner && f.hoistable(w.g, s) {
			b := &between{stmt: s, after: n, moved: true, decl: true}
			for _, id := range s.Decl.(*ast.GenDecl).Specs[0].(*ast.ValueSpec).Names {
				b.names = append(b.names, f.pass.TypesInfo.Defs[id])
			}
			w.c.at++
			return b, nil
		}
	}
	do, bad := f.silentStmt(st, nil, w.g.loop != nil)
	if bad == nil {
		w.c.at++
		return &between{stmt: st, do: do, after: n, names: f.declaredBy(st), inner: inner}, nil
	}
	i, ok := st.(*ast.IfStmt)
	if !ok || i.Init != nil {
		return nil, bad
	}
	cond, why := f.condition(i.Cond)
	if why != nil {
		if f.hasCalls(i) {
			return nil, why
		}
		return nil, bad
	}
	switch {
	case f.hasCalls(i.Body) || i.Else != nil && f.hasCalls(i.Else):
		w.c.at++
		w.branch(i, w.c.preds)
		return nil, nil
	case i.Else == nil && f.leaves(i.Body.List, false) && w.g.loop == nil:
		w.c.at++
		w.c.last = true // behind this list it cannot be told which way control came
		w.c.preds = append(w.c.preds[:len(w.c.preds):len(w.c.preds)], predicate{i.Cond, true, cond})
		w.c.last = w.c.last || inner // what stands behind the branch would be under more than one condition
		return &between{stmt: st, do: cond, after: n, guard: true, inner: inner}, nil
	}
	return nil, bad
}

// branch goes down into the first branch of an if statement.
func (w *walker) branch(i *ast.IfStmt, preds []predicate) {
	cond, bad := w.condition(i.Cond)
	if bad != nil || i.Init != nil { // of an else if: leave the rest alone
		w.c = &cursor{up: w.c, last: true}
		w.path = append(w.path[:len(w.path):len(w.path)], frame{owner: i})
		return
	}
	with := func(neg bool) []predicate {
		return append(preds[:len(preds):len(preds)], predicate{i.Cond, neg, cond})
	}
	w.down(i.Body.List, i, with(false))
	w.c.other, w.c.neg = i.Else, with(true)
	w.gap = append(w.gap, &between{stmt: i, do: cond, after: len(w.g.steps), guard: true, inner: true})
}

// condition is what evaluating a condition reads, or why that cannot be done
// before the batch and once more in its place.
func (f *function) condition(e ast.Expr) (*doing, *refusal) {
	m := &mover{f: f, stays: true}
	m.value(e)
	if m.bad != nil {
		return nil, m.bad
	}
	return &doing{node: e, reads: m.loads}, nil
}

// hasCalls reports whether possible entries stand somewhere in n, function
// literals left out.
func (f *function) hasCalls(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if c := f.syscall(n); c != nil && c.fn.Possible() {
				found = true
			}
		}
		return !found
	})
	return found
}

// predicates checks that the conditions on the way to t may be evaluated before
// the batch: like arguments, they must not depend on what is done in between; and
// as they are evaluated once more in their place, behind all calls of the batch,
// these must not change them either.
func (f *function) predicates(g *group, gaps []*between, t *step) *refusal {
	for _, p := range t.preds {
		loads, bad := f.movable(p.cond, nil)
		if bad != nil {
			return bad
		}
		for _, l := range loads {
			for _, s := range g.steps {
				if bad := f.loadOver(l, s, l.node(p.cond)); bad != nil {
					return bad
				}
			}
			for _, d := range f.staying(g, gaps) {
				if bad := f.loadOverCode(l, d, l.node(p.cond)); bad != nil {
					return bad
				}
			}
		}
	}
	return nil
}

// samePreds reports whether whatever comes to t has come to s.
func samePreds(s, t *step) bool {
	for _, p := range s.preds {
		found := false
		for _, q := range t.preds {
			found = found || p.cond == q.cond && p.neg == q.neg
		}
		if !found {
			return false
		}
	}
	return true
}
