// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"github.com/autobatch/autobatch/plan"
	"github.com/autobatch/autobatch/rewrite"
)

// accept makes a region of the loop.
func (x *stripper) accept() {
	f, g := x.function, x.g
	r := &plan.Region{Func: funcName(f.decl), Pos: f.pass.Fset.Position(g.steps[0].call.expr.Pos()), Lanes: x.out.Lanes, Cost: x.cost}
	out := &rewrite.Region{Plan: r, Decl: f.decl, At: x.l.outer.Pos(), Strip: x.out}
	resume := false
	for i, st := range g.steps {
		e := plan.Entry{
			Func:   st.call.fn,
			Std:    st.call.std,
			Call:   f.pass.Fset.Position(st.call.expr.Pos()),
			GoOn:   st.goOn,
			Skip:   st.ends,
			Resume: resume,
		}
		if i == len(g.steps)-1 { // what follows is the next lane in either case
			e.GoOn, e.Skip = st.goOn|st.ends, 0
		}
		for _, ref := range g.refs[i] {
			e.Refs = append(e.Refs, plan.Ref{Arg: ref.arg, Entry: ref.entry, Load: ref.load != nil})
		}
		r.Entries = append(r.Entries, e)
		out.Sites = append(out.Sites, rewrite.Site{Call: st.call.expr, Whole: st.whole, Under: st.under()[len(g.steps[0].preds):], Loads: g.loadsOf(i)})
		resume = resume || st.falls
	}
	if x.l.key != nil {
		x.out.Key = x.l.key.Name()
	}
	if x.l.value != nil {
		x.out.Value = x.l.value.Name()
	}
	x.out.Guards = f.guards
	out.Blank = x.blank
	f.file.add(f, out, g.steps)
}
