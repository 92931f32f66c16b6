// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/token"

	"github.com/autobatch/autobatch/plan"
)

// miss remarks on what parts the group from another call a little further on:
// the statement at the cursor, for the given reason, and others behind it.
func (w *walker) miss(why *refusal) {
	const far = 6
	f, list, at := w.function, w.c.list, w.c.at
	last := w.g.steps[len(w.g.steps)-1]
	next, to := f.upcoming(list, at, far)
	if at < len(list) && last.stop == nil {
		if l, ok := list[at].(*ast.LabeledStmt); ok {
			why = refuse(plan.Control, l, "control can come from elsewhere to the label %s", l.Label.Name)
			if t, _ := f.stepAt([]ast.Stmt{l.Stmt}, 0); t != nil {
				next, to = t, at+1
			}
		}
	}
	if next == nil {
		return
	}
	var all []*refusal
	if last.stop != nil {
		all = append(all, last.stop)
	}
	if why != nil {
		all = append(all, why)
	}
	for i := at; i < to-1; i++ {
		if i == at && why != nil {
			continue
		}
		if _, bad := f.silentStmt(list[i], nil, w.g.loop != nil); bad != nil {
			all = append(all, bad)
		}
	}
	if len(all) == 0 {
		all = append(all, refuse(plan.Between, list[at], "%s stands between the calls", f.header(list[at])))
	}
	for _, bad := range all {
		if in := list[to-1]; in != next.stmt && next.call.expr.Pos() <= bad.pos && bad.pos < next.call.expr.End() {
			bad = refuse(plan.Control, in, "whether it is called is decided by %s", f.header(in))
		}
		f.file.remark(bad.between(last, next), true)
	}
}

// upcoming is the first call in the statements from list[at] on, or in their
// branches, no further than far, and the index behind its statement; for remarks.
func (f *function) upcoming(list []ast.Stmt, at, far int) (t *step, to int) {
	for to = at; to < len(list) && to < at+far && t == nil; to++ {
		if t, _ = f.stepAt(list, to); t == nil {
			t = f.nestedStep(list[to])
		}
	}
	return t, to
}

// callsFunctions reports whether functions are called in n, or channels used.
func (f *function) callsFunctions(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			tv := f.pass.TypesInfo.Types[n.Fun]
			found = found || !tv.IsType() && !tv.IsBuiltin()
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.SendStmt, *ast.GoStmt, *ast.SelectStmt:
			found = true
		}
		return !found
	})
	return found
}

// nestedStep is the first call in a branch of a statement, for remarks.
func (f *function) nestedStep(st ast.Stmt) *step {
	first := func(list []ast.Stmt) *step {
		for i := range list {
			if t, _ := f.stepAt(list, i); t != nil {
				return t
			}
			if t := f.nestedStep(list[i]); t != nil {
				return t
			}
		}
		return nil
	}
	switch st := st.(type) {
	case *ast.BlockStmt:
		return first(st.List)
	case *ast.IfStmt:
		if t := first(st.Body.List); t != nil || st.Else == nil {
			return t
		}
		return f.nestedStep(st.Else)
	case *ast.SwitchStmt:
		for _, c := range st.Body.List {
			if t := first(c.(*ast.CaseClause).Body); t != nil {
				return t
			}
		}
	}
	return nil
}
