// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/autobatch/autobatch/plan"
)

// group is a run of steps that share a crossing.
type group struct {
	steps []*step
	list  []ast.Stmt
	first int           // index of the first step's statement
	refs  map[int][]ref // references of the entries, by their number
	gaps  []*between    // statements between the calls
	start *start        // of a group whose first step is under a condition
	end   *cursor       // where the group ended
	tail  []*between    // silent statements in front of that
	until token.Pos     // where the statement of the last step ends
	loop  *loop         // whose body the list is, if the loop is to be strip-mined
}

// lists visits every statement list of a body, inner ones after the list
// that holds them, and looks for groups in each.
func (f *function) lists(list []ast.Stmt, owner ast.Node) {
	f.path = append(f.path, frame{list: list, owner: owner})
	claimed := f.claimed(list)
	f.groups(list, claimed)
	for i, s := range list {
		f.path[len(f.path)-1].index = i
		if body := loopBody(s); body != nil && !claimed && f.strip(s) {
			f.insideStrip(s, body)
			continue
		}
		f.inside(s)
	}
	f.path = f.path[:len(f.path)-1]
}

// claimed reports whether a call somewhere in the list belongs to a batch already,
// whose table stands in front of a statement around. What the list does with the
// results is proven statement by statement: no table can be put into it.
func (f *function) claimed(list []ast.Stmt) bool {
	for c := range f.inRegion {
		if len(list) > 0 && list[0].Pos() <= c.Pos() && c.Pos() < list[len(list)-1].End() {
			return true
		}
	}
	return false
}

// loopBody is the body of a loop, which may have a label.
func loopBody(s ast.Stmt) *ast.BlockStmt {
	if l, ok := s.(*ast.LabeledStmt); ok {
		s = l.Stmt
	}
	switch l := s.(type) {
	case *ast.ForStmt:
		return l.Body
	case *ast.RangeStmt:
		return l.Body
	}
	return nil
}

// insideStrip visits what is nested in the body of a loop whose own calls are
// batched.
func (f *function) insideStrip(s ast.Stmt, body *ast.BlockStmt) {
	f.path = append(f.path, frame{list: body.List, owner: s})
	for i, s := range body.List {
		f.path[len(f.path)-1].index = i
		f.inside(s)
	}
	f.path = f.path[:len(f.path)-1]
}

// inside visits the lists nested in one statement.
func (f *function) inside(s ast.Stmt) {
	switch x := s.(type) {
	case *ast.BlockStmt:
		f.lists(x.List, x)
		return
	case *ast.LabeledStmt:
		f.inside(x.Stmt)
		return
	case *ast.IfStmt:
		f.literals(x.Init, x.Cond)
		f.lists(x.Body.List, x)
		if x.Else != nil {
			f.inside(x.Else)
		}
		return
	case *ast.ForStmt:
		f.literals(x.Init, x.Cond, x.Post)
		f.lists(x.Body.List, x)
		return
	case *ast.RangeStmt:
		f.literals(x.X)
		f.lists(x.Body.List, x)
		return
	case *ast.SwitchStmt:
		f.literals(x.Init, x.Tag)
		f.clauses(x.Body, x)
		return
	case *ast.TypeSwitchStmt:
		f.literals(x.Init, x.Assign)
		f.clauses(x.Body, x)
		return
	case *ast.SelectStmt:
		f.clauses(x.Body, x)
		return
	}
	f.literals(s)
}

func (f *function) clauses(b *ast.BlockStmt, owner ast.Node) {
	for _, c := range b.List {
		switch c := c.(type) {
		case *ast.CaseClause:
			for _, e := range c.List {
				f.literals(e)
			}
			f.lists(c.Body, owner)
		case *ast.CommClause:
			f.literals(c.Comm)
			f.lists(c.Body, owner)
		}
	}
}

// literals visits the bodies of function literals in expressions and simple
// statements. Their code runs at another time: nothing around them counts as
// executed before.
func (f *function) literals(nodes ...ast.Node) {
	for _, n := range nodes {
		if isNilNode(n) {
			continue
		}
		ast.Inspect(n, func(n ast.Node) bool {
			if lit, ok := n.(*ast.FuncLit); ok {
				outer := f.path
				f.path = nil
				f.lists(lit.Body.List, lit)
				f.path = outer
				return false
			}
			return true
		})
	}
}

func isNilNode(n ast.Node) bool {
	switch x := n.(type) {
	case nil:
		return true
	case ast.Stmt:
		return x == nil
	case ast.Expr:
		return x == nil
	}
	return false
}

// groups finds the maximal groups of one list, first come first served. Of a list
// that is claimed it only says what is missed.
func (f *function) groups(list []ast.Stmt, claimed bool) {
	top := &f.path[len(f.path)-1]
	for i := 0; i < len(list); {
		top.index = i
		s, why := f.stepAt(list, i)
		if why != nil {
			f.file.remark(why, false)
		}
		if s == nil && why == nil {
			s, _ = f.startUnder(list, i)
		}
		if s == nil || !f.mayStart(s) {
			if s != nil {
				f.cannotStart(s, list)
			}
			i++
			continue
		}
		g := f.group(list, i)
		if len(g.steps) < f.file.minGroup() {
			i++
			continue
		}
		if claimed {
			f.file.remark(refuse(plan.Call, s.call.expr, "%s and what follows it are not batched: another call of this branch is part of a batch in front of the condition", s.call.fn.Name), true)
		} else {
			f.file.accept(f, g)
		}
		end := g.end
		for end.up != nil {
			end = end.up
		}
		i = max(i+1, end.at)
	}
}

// group finds the calls that share a crossing with the first one of the
// statement list[i]. Handlers that are silent let the batch go on at first; if one
// of them stands in the way then, they are taken as side exits like all others,
// and the longer group wins.
func (f *function) group(list []ast.Stmt, i int) *group {
	f.groupAt = list[i].Pos()
	defer func() { f.groupAt, f.sideExits = token.NoPos, false }()
	was := f.fixedEnd
	grown := func() (*group, []plan.Remark) {
		g := &group{list: list, first: i, refs: map[int][]ref{}, loop: f.loop}
		s, _ := f.stepAt(list, i)
		if s == nil {
			s, g.start = f.startUnder(list, i)
		}
		f.groupAt = list[i].Pos()
		f.moved = map[types.Object]bool{}
		before := len(f.file.remarks)
		g.steps = []*step{s}
		f.grow(g)
		said := slices.Clone(f.file.remarks[before:])
		f.file.remarks = f.file.remarks[:before]
		return g, said
	}
	g, said := grown()
	if slices.ContainsFunc(g.steps, func(s *step) bool { return len(s.quiet) > 0 }) && (g.end.up != nil || g.end.at < len(list)) {
		f.sideExits = true
		if h, also := grown(); len(h.steps) > len(g.steps) {
			g, said = h, also
		} else {
			f.sideExits = false
		}
	}
	// What the code up to the group's end does with variables counts for all of
	// the group; with a longer one more may count.
	for f.exposesLater(list[i]) && len(g.steps) > 1 {
		f.fixedEnd = g.until
		h, also := grown()
		same := len(h.steps) == len(g.steps)
		g, said = h, also
		if same {
			break
		}
	}
	f.fixedEnd = was
	f.file.remarks = append(f.file.remarks, said...)
	return g
}

// exposesLater reports whether variables get known to other code somewhere
// behind a statement.
func (f *function) exposesLater(st ast.Stmt) bool {
	for _, m := range []map[*types.Var][]token.Pos{f.vars.address, f.vars.captured} {
		for _, list := range m {
			for _, p := range list {
				if p > st.Pos() {
					return true
				}
			}
		}
	}
	return false
}

// cannotStart remarks on a call that is no entry although another one follows
// not far behind it.
func (f *function) cannotStart(s *step, list []ast.Stmt) {
	if t, _ := f.upcoming(list, s.next, 3); t == nil {
		return
	}
	switch bad := f.file.unusable(s.call); {
	case f.file.ignored(s.call.expr.Pos()) != nil:
		f.file.remark(refuse(plan.Ignored, s.call.expr, "not batched, as //batch:ignore asks: %s", f.file.ignored(s.call.expr.Pos()).text), true)
	case !s.call.fn.Possible():
		f.file.remark(f.never(s), true)
	case bad != nil:
		f.file.remark(bad, true)
	}
}

// mayStart reports whether s may be the first entry of a batch.
func (f *function) mayStart(s *step) bool {
	if !s.call.fn.Possible() || f.file.unusable(s.call) != nil || f.file.ignored(s.call.expr.Pos()) != nil {
		return false
	}
	for _, a := range s.call.expr.Args {
		if containsLiteral(a) {
			return false
		}
		if len(s.preds) > 0 { // evaluated even if the condition does not hold
			if _, bad := f.movable(a, nil); bad != nil {
				return false
			}
		}
	}
	return true
}

func containsLiteral(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok {
			found = true
		}
		return !found
	})
	return found
}
