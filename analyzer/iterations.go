// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/types"

	"github.com/autobatch/autobatch/internal/effects"
	"github.com/autobatch/autobatch/plan"
	"github.com/autobatch/autobatch/rewrite"
)

// crossIterations holds what moves over whole iterations against what is there:
// the gather code of an iteration to come moves up over the calls and the
// silent code of those before it, and silent code moves down over the calls of
// those after it.
func (x *stripper) crossIterations() *refusal {
	f := x.function
	var silent []*doing
	for _, b := range append(x.pre[:len(x.pre):len(x.pre)], x.g.gaps...) {
		if b.do != nil && !x.isLane(b) {
			silent = append(silent, b.do)
		}
	}
	for _, s := range x.g.steps {
		silent = append(silent, s.quiet...)
	}
	silent = append(silent, x.post...)

	loads, bad := x.gatherLoads()
	if bad != nil {
		return bad
	}
	if d := x.headReads(); d != nil {
		silent = append(silent, d)
	}
	for _, l := range loads {
		if x.laneOwn(l) {
			continue
		}
		for _, d := range silent {
			for _, w := range d.writes {
				if x.mayMeet(l, w) {
					return refuse(plan.Data, l.node(d.node), "the next iteration's calls need %s, which %s may change", f.src(l.node(d.node)), f.src(d.node))
				}
			}
		}
		for _, s := range x.g.steps {
			if bad := x.loadOverStep(l, s); bad != nil {
				return bad
			}
		}
	}
	for _, d := range silent {
		for _, t := range x.g.steps {
			if bad := x.codeUnder(d, t); bad != nil {
				return bad
			}
		}
	}
	for _, s := range x.g.steps {
		for _, r := range s.results {
			if isBlank(r) || x.laneOwn(f.locOf(r)) {
				continue
			}
			for _, t := range x.g.steps {
				if bad := x.storeUnderStep(r, s, t); bad != nil {
					return bad
				}
			}
		}
	}
	return nil
}

// laneOwn reports whether each iteration has its own l, which nobody else
// sees.
func (x *stripper) laneOwn(l loc) bool {
	if l.root == nil || !x.l.perIteration(l.root) {
		return false
	}
	if l.deref {
		// Memory that the iteration itself makes.
		return x.function.vars.size[l.root] != nil && x.function.vars.steady(l.root) && x.function.confined(l.root)
	}
	return x.function.vars.private(l.root)
}

// loopIndex is a step to the element that the loop's index names: another one
// in each iteration.
const loopIndex = -2

// mayMeet reports whether l in one iteration and w in another may overlap.
func (x *stripper) mayMeet(l, w loc) bool {
	if x.laneOwn(l) || x.laneOwn(w) {
		return false
	}
	if l.root != nil && l.root == w.root && l.deref == w.deref && !x.function.writtenIn(x.l.stmt, l.root) {
		for i := range min(len(l.path), len(w.path)) {
			if l.path[i] != w.path[i] && l.path[i] != anyIndex && w.path[i] != anyIndex && l.path[i] != loopIndex && w.path[i] != loopIndex {
				return false
			}
			if l.path[i] == loopIndex && w.path[i] == loopIndex {
				return false
			}
		}
		return true
	}
	return x.function.mayAlias(l, w)
}

// headReads is what the loop's head reads in its place at the beginning of each
// iteration; nil if that is nothing.
func (x *stripper) headReads() *doing {
	f, l := x.function, x.l
	switch {
	case l.kind == rewrite.Counted:
		m := &mover{f: f}
		m.value(l.over)
		return &doing{node: l.over, reads: m.loads}
	case l.kind == rewrite.RangeElements && l.value != nil && !x.out.DropValue:
		if over, ok := ast.Unparen(l.over).(*ast.CallExpr); ok && f.makesSlice(over) {
			return nil
		}
		e := f.behind(l.over)
		if e.root != nil {
			e.path = []int64{loopIndex}
		}
		return &doing{node: l.over, reads: []loc{e}}
	}
	return nil
}

// gatherLoads is what the gather code reads, the loop's head included.
func (x *stripper) gatherLoads() ([]loc, *refusal) {
	f := x.function
	f.guardsOK, f.ahead = true, true
	defer func() { f.guardsOK, f.ahead = false, false }()
	w := &silentWalk{mover: mover{f: f, makes: true}, inLoop: true}
	w.writes = &w.d.writes
	for _, g := range x.out.Gather {
		if g.Skip != nil {
			w.value(g.Skip)
		} else {
			w.stmt(g.Stmt)
		}
	}
	w.seen = x.inPlace()
	for i, s := range x.g.steps {
		for k, a := range s.call.expr.Args {
			if !x.g.isRef(i, k) {
				w.value(a)
			}
		}
		for _, p := range s.preds {
			w.value(p.cond)
		}
	}
	if w.bad != nil {
		return nil, w.bad
	}
	loads := w.loads
	switch x.l.kind {
	case rewrite.Counted:
		h := &mover{f: f}
		h.value(x.l.over)
		if h.bad != nil {
			return nil, &refusal{plan.Data, "the loop's condition cannot be tested before its time: " + h.bad.text, h.bad.pos}
		}
		loads = append(loads, h.loads...)
	case rewrite.RangeElements:
		over, isCall := ast.Unparen(x.l.over).(*ast.CallExpr)
		if x.l.value != nil && x.out.UsesValue && !(isCall && f.makesSlice(over)) {
			e := f.behind(x.l.over)
			if e.root != nil {
				e.path = []int64{loopIndex}
			}
			loads = append(loads, e)
		}
	}
	return loads, nil
}

// loadOverStep checks a load that moves up over a call of an iteration before
// (rules data, alias and sync).
func (x *stripper) loadOverStep(l loc, s *step) *refusal {
	f := x.function
	at := l.node(s.stmt)
	for _, r := range s.results {
		if !isBlank(r) && x.mayMeet(l, f.locOf(r)) {
			return refuse(plan.Data, at, "the next iteration's calls need %s, which the result of %s is stored to", f.src(at), s.call.fn.Name)
		}
	}
	for i, p := range s.call.fn.Params {
		if p.Dir&effects.Out == 0 {
			continue
		}
		if m, ok := f.memoryOf(s.call.expr.Args[i]); ok && !x.laneMemory(m) && x.mayMeet(l, m) {
			return refuse(plan.Data, at, "the next iteration's calls need %s, which %s may write", f.src(at), s.call.fn.Name)
		}
	}
	if s.call.fn.Sync&effects.Acquire != 0 && f.others(l) {
		return refuse(plan.Sync, at, "%s can wait for others, who may write %s before the next iteration", s.call.fn.Name, f.src(at))
	}
	return f.fileLoad(l, s, at)
}

// laneMemory reports whether m is a variable of which each lane has its own.
func (x *stripper) laneMemory(m loc) bool { return m.root != nil && !m.deref && x.lanes[m.root] != nil }

// codeUnder checks silent code that moves down under the calls of iterations to
// come (rules data, alias, sync and block).
func (x *stripper) codeUnder(d *doing, t *step) *refusal {
	f := x.function
	for i, p := range t.call.fn.Params {
		if p.Dir == effects.NoMem || p.Copied() {
			continue
		}
		m, ok := f.memoryOf(t.call.expr.Args[i])
		if !ok || x.laneMemory(m) {
			continue
		}
		for _, l := range d.reads {
			if p.Dir&effects.Out != 0 && x.mayMeet(l, m) {
				at := l.node(d.node)
				return refuse(plan.Data, at, "%s is read in each iteration, and %s of the next one writes it: declare it inside of the loop", f.src(at), t.call.fn.Name)
			}
		}
		for _, l := range d.writes {
			if x.mayMeet(l, m) {
				at := l.node(d.node)
				return refuse(plan.Data, at, "%s is written in each iteration, and %s of the next one uses it", f.src(at), t.call.fn.Name)
			}
		}
	}
	for _, l := range d.reads {
		if bad := f.fileLoad(l, t, l.node(d.node)); bad != nil && !x.laneOwn(l) {
			return bad
		}
	}
	for _, l := range d.writes {
		if bad := f.fileStore(l, t, l.node(d.node)); bad != nil && !x.laneOwn(l) {
			return bad
		}
	}
	for _, l := range append(d.reads[:len(d.reads):len(d.reads)], d.writes...) {
		if x.laneOwn(l) || t.call.fn.Sync == effects.NoSync && !t.call.fn.Blocks || !f.others(l) {
			continue
		}
		at := l.node(d.node)
		if t.call.fn.Sync&effects.Release != 0 {
			return refuse(plan.Sync, at, "others can see %s, and %s of the next iteration can wake them", f.src(at), t.call.fn.Name)
		}
		if t.call.fn.Blocks || t.call.fn.Sync != effects.NoSync {
			return refuse(plan.Block, at, "others can see %s, and %s of the next iteration may wait for them", f.src(at), t.call.fn.Name)
		}
	}
	return nil
}

// storeUnderStep checks the store of s's result to r, which moves down under
// the call t of an iteration to come.
func (x *stripper) storeUnderStep(r ast.Expr, s, t *step) *refusal {
	f := x.function
	w := f.locOf(r)
	for i, p := range t.call.fn.Params {
		if p.Dir == effects.NoMem || p.Copied() {
			continue
		}
		if m, ok := f.memoryOf(t.call.expr.Args[i]); ok && !x.laneMemory(m) && x.mayMeet(w, m) {
			return refuse(plan.Alias, r, "%s of the next iteration uses memory that the result of %s may be stored to", t.call.fn.Name, s.call.fn.Name)
		}
	}
	if bad := f.fileStore(w, t, r); bad != nil {
		return bad
	}
	if t.call.fn.Sync == effects.NoSync && !t.call.fn.Blocks || !f.others(w) {
		return nil
	}
	if t.call.fn.Sync&effects.Release != 0 {
		return refuse(plan.Sync, r, "%s is stored where others can see it, and %s of the next iteration can wake them", f.src(r), t.call.fn.Name)
	}
	if t.call.fn.Blocks || t.call.fn.Sync != effects.NoSync {
		return refuse(plan.Block, r, "%s is stored where others can see it, and %s of the next iteration may wait for them", f.src(r), t.call.fn.Name)
	}
	return nil
}

// indexStep is the path step of an index expression's element.
func (f *function) indexStep(index ast.Expr) int64 {
	if n, ok := constInt(f.pass.TypesInfo, index); ok {
		return constIndex + n
	}
	if f.loop != nil && f.loop.key != nil {
		if id, ok := ast.Unparen(index).(*ast.Ident); ok && f.pass.TypesInfo.Uses[id] == types.Object(f.loop.key) {
			return loopIndex
		}
	}
	return anyIndex
}
