// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"slices"

	"github.com/autobatch/autobatch/internal/effects"
	"github.com/autobatch/autobatch/plan"
)

// between completes a refusal with the calls it keeps apart.
func (r *refusal) between(a, b *step) *refusal {
	c := *r
	c.text = b.call.fn.Name + " is not batched with the " + a.call.fn.Name + " before it: " + r.text
	return &c
}

// join checks every rule for t as the next entry after those of g, with the
// statements in the gap before it, and notes what follows for g.
func (f *function) join(g *group, gap []*between, t *step) (bad *refusal) {
	if !t.call.fn.Possible() {
		return f.never(t)
	}
	if bad := f.file.unusable(t.call); bad != nil {
		return bad
	}
	if d := f.file.ignored(t.call.expr.Pos()); d != nil {
		return refuse(plan.Ignored, t.call.expr, "//batch:ignore asks to leave it: %s", d.text)
	}
	var refs []ref
	var args []ast.Expr
	for k, a := range t.call.expr.Args {
		if containsLiteral(a) {
			return refuse(plan.Effect, a, "%s holds a function literal", f.src(a))
		}
		if e := f.refersTo(g, t, k); e != nil {
			if e.load == nil {
				if bad := f.changedSince(g, gap, *e, a); bad != nil {
					return bad
				}
			} else {
				for _, d := range f.staying(g, append(g.gaps[:len(g.gaps):len(g.gaps)], gap...)) {
					if bad := f.loadOverCode(f.locOf(e.load), d, e.load); bad != nil {
						return bad
					}
				}
				for _, s := range g.steps {
					for _, r := range s.results {
						if !isBlank(r) && f.mayAlias(f.locOf(e.load), f.locOf(r)) {
							return refuse(plan.Data, e.load, "%s needs the result of %s", f.src(e.load), s.call.fn.Name)
						}
					}
				}
			}
			refs = append(refs, *e)
		} else {
			args = append(args, a)
		}
	}
	gaps := append(g.gaps[:len(g.gaps):len(g.gaps)], gap...)
	needed := slices.Clone(args)
	for _, p := range t.preds {
		needed = append(needed, p.cond)
	}
	for _, b := range gap {
		for _, obj := range b.names {
			f.moved[obj] = f.moved[obj] || b.moved
		}
	}
	move := f.needs(gaps, needed)
	defer func() {
		for _, b := range move {
			b.moved = b.moved && bad == nil
		}
	}()
	for i := len(move) - 1; i >= 0; i-- { // in their order
		if bad := f.moves(g, gaps, move[i]); bad != nil {
			return bad
		}
		move[i].moved = true
	}
	if bad := f.predicates(g, gaps, t); bad != nil {
		return bad
	}
	seen := f.argsBefore(g, len(g.steps))
	for _, a := range args {
		loads, bad := f.movable(a, seen)
		if bad != nil {
			return bad
		}
		for _, l := range loads {
			for _, s := range g.steps {
				if bad := f.loadOver(l, s, a); bad != nil {
					return bad
				}
			}
			for _, d := range f.staying(g, gaps) {
				if bad := f.loadOverCode(l, d, a); bad != nil {
					return bad
				}
			}
		}
	}
	for _, s := range g.steps {
		for _, r := range s.results {
			if bad := f.storeUnder(r, s, t); bad != nil {
				return bad
			}
		}
	}
	for _, d := range f.staying(g, gaps) {
		if bad := f.crosses(d, t); bad != nil {
			return bad
		}
	}
	g.gaps = gaps
	g.refs[len(g.steps)] = refs
	return nil
}

// changedSince refuses a reference to a result if code behind its call may write
// the variable that received it.
func (f *function) changedSince(g *group, gap []*between, e ref, a ast.Expr) *refusal {
	l := f.locOf(f.withoutConversions(a))
	var list []*doing
	for _, s := range g.steps[e.entry:] {
		list = append(list, s.quiet...)
	}
	for _, b := range append(g.gaps[:len(g.gaps):len(g.gaps)], gap...) {
		if b.do != nil && b.after > e.entry {
			list = append(list, b.do)
		}
	}
	for _, d := range list {
		if bad := f.loadOverCode(l, d, a); bad != nil {
			return bad
		}
	}
	return nil
}

// staying is the silent code that stays between the calls of g: statements and
// handlers.
func (f *function) staying(g *group, gaps []*between) []*doing {
	var list []*doing
	for _, s := range g.steps {
		list = append(list, s.quiet...)
	}
	for _, b := range gaps {
		if b.do != nil && !b.moved {
			list = append(list, b.do)
		}
	}
	return list
}

// never says why a function is no entry at all.
func (f *function) never(t *step) *refusal {
	fn := t.call.fn
	why := fn.Why
	if why == "" {
		why = effects.Reasons[fn.Reason]
	}
	reason := plan.Wrapper
	switch fn.Reason {
	case effects.ReasonState:
		reason = plan.State
	case effects.ReasonVersion:
		reason = plan.Version
	}
	return refuse(reason, t.call.expr, "%s is never batched: %s", fn.Name, why)
}

// loadOver checks a load of t's argument a that moves up over the step s
// (rules data, alias and sync).
func (f *function) loadOver(l loc, s *step, a ast.Node) *refusal {
	for _, r := range s.results {
		if isBlank(r) {
			continue
		}
		if w := f.locOf(r); f.mayAlias(l, w) {
			if l.root != nil && l.root == w.root {
				return refuse(plan.Data, a, "%s needs the result of %s", f.src(a), s.call.fn.Name)
			}
			return refuse(plan.Alias, a, "%s may be what the result of %s is stored to", f.src(a), s.call.fn.Name)
		}
	}
	for i, p := range s.call.fn.Params {
		if p.Dir&effects.Out == 0 {
			continue
		}
		w, ok := f.memoryOf(s.call.expr.Args[i])
		if ok && f.mayAlias(l, w) {
			if l.root != nil && l.root == w.root {
				return refuse(plan.Data, a, "%s needs what %s stores", f.src(a), s.call.fn.Name)
			}
			return refuse(plan.Alias, a, "%s may lie in the memory that %s writes", f.src(a), s.call.fn.Name)
		}
	}
	if s.call.fn.Sync&effects.Acquire != 0 && f.others(l) {
		return refuse(plan.Sync, a, "%s can wait for others, who may write %s meanwhile", s.call.fn.Name, f.src(a))
	}
	return f.fileLoad(l, s, a)
}

// storeUnder checks the store of s's result to r, which moves down under the
// call t (rules data, alias, sync and block).
func (f *function) storeUnder(r ast.Expr, s, t *step) *refusal {
	if isBlank(r) {
		return nil
	}
	w := f.locOf(r)
	for i, p := range t.call.fn.Params {
		if p.Dir == effects.NoMem || p.Copied() {
			continue // nobody changes the bytes behind a string or a literal
		}
		m, ok := f.memoryOf(t.call.expr.Args[i])
		if ok && f.mayAlias(w, m) {
			return refuse(plan.Alias, r, "%s uses memory that the result of %s may be stored to", t.call.fn.Name, s.call.fn.Name)
		}
	}
	if bad := f.fileStore(w, t, r); bad != nil {
		return bad
	}
	if t.call.fn.Sync == effects.NoSync && !t.call.fn.Blocks || !f.others(w) {
		return nil
	}
	if t.call.fn.Sync&effects.Release != 0 {
		return refuse(plan.Sync, r, "%s is stored where others can see it, and %s can wake them", f.src(r), t.call.fn.Name)
	}
	if t.call.fn.Blocks || t.call.fn.Sync != effects.NoSync {
		return refuse(plan.Block, r, "%s is stored where others can see it, and %s may wait for them", f.src(r), t.call.fn.Name)
	}
	return nil
}
