// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/autobatch/autobatch/plan"
	"github.com/autobatch/autobatch/rewrite"
)

// stripper is the state of looking at one loop's body.
type stripper struct {
	*function
	l     *loop
	pre   []*between // statements in front of the first call
	g     *group
	post  []*doing // what follows the calls
	lanes map[*types.Var]*rewrite.LaneVar
	out   *rewrite.Strip
	blank []*ast.Ident // variables that nothing reads any more
	cost  plan.Cost
	// blockers are what stands in the way, as long as one can look further.
	blockers []*refusal
}

// strip plans to strip-mine a loop (loop distribution over strips of
// iterations): the calls of the iterations to come are handed over together with
// those of the current one.
//
// Variants: any number of calls in an iteration, with all that may stand between
// calls; code in front of the first call, `if cond { continue }` among it; code
// after the last one; destinations that are variables of the body, of which each
// lane gets its own (scalar expansion), or elements addressed by the index.
//
// Restrictions: all other code of an iteration is silent, except where the
// outcome of a call ends the strip; what arguments and conditions read is
// changed by no iteration, neither by its code nor by its calls; what may panic
// cuts the strip by a test that cannot (Guards). See crossIterations.
//
// Caveats: the arguments of an iteration to come are computed before it is known
// that it will begin. Computing must be cheap, for it may be in vain.
func (f *function) strip(outer ast.Stmt) (done bool) {
	said := len(f.file.remarks)
	l, bad := f.loopOf(outer)
	if l == nil {
		if bad != nil && f.firstCall(outer) != nil {
			f.notStripped(outer, bad)
		}
		return false
	}
	x := &stripper{function: f, l: l, lanes: map[*types.Var]*rewrite.LaneVar{}}
	first := -1
	for i, st := range l.body.List {
		s, why := f.stepAt(l.body.List, i)
		in, ok := st.(*ast.IfStmt)
		if s != nil || why != nil || ok && f.hasCalls(in.Body) {
			first = i
			break
		}
	}
	if first < 0 {
		return false
	}
	f.path = append(f.path, frame{list: l.body.List, owner: l.stmt})
	f.loop, f.guards, f.guardsOK = l, nil, false
	f.regionEnd, f.fixedEnd = outer.End(), outer.End()
	defer func() {
		f.path = f.path[:len(f.path)-1]
		f.loop, f.guardsOK, f.regionEnd, f.fixedEnd, f.groupAt = nil, false, token.NoPos, token.NoPos, token.NoPos
	}()
	bad = x.plan(first)
	if bad == nil && len(x.blockers) == 0 {
		x.accept()
		return true
	}
	f.file.remarks = f.file.remarks[:said]
	if bad != nil {
		x.blockers = append(x.blockers, bad)
	}
	for _, b := range x.blockers {
		f.notStripped(outer, b)
	}
	return false
}

// firstCall is a possible entry among the statements of a loop's body, or nil.
func (f *function) firstCall(outer ast.Stmt) *step {
	if l, ok := outer.(*ast.LabeledStmt); ok {
		outer = l.Stmt
	}
	var body *ast.BlockStmt
	switch s := outer.(type) {
	case *ast.ForStmt:
		body = s.Body
	case *ast.RangeStmt:
		body = s.Body
	default:
		return nil
	}
	for i := range body.List {
		if s, _ := f.stepAt(body.List, i); s != nil && s.call.fn.Possible() {
			return s
		}
	}
	return nil
}

// notStripped remarks that a loop with calls is left as it is.
func (f *function) notStripped(outer ast.Stmt, bad *refusal) {
	c := *bad
	c.text = "loop not batched: " + bad.text
	if bad.reason == plan.Loop {
		c.pos = outer.Pos()
	}
	f.file.remark(&c, true)
}

// plan checks the whole body.
func (x *stripper) plan(first int) *refusal {
	f, list := x.function, x.l.body.List
	top := &f.path[len(f.path)-1]
	f.guardsOK = true
	for i := range first {
		top.index = i
		b, bad := x.silently(list[i])
		if bad != nil {
			x.blockers = append(x.blockers, bad)
			continue
		}
		x.pre = append(x.pre, b)
	}
	top.index = first
	f.guardsOK = false
	s, why := f.stepAt(list, first)
	if s == nil && why == nil {
		s, _ = f.startUnder(list, first)
	}
	if s == nil && why == nil {
		return refuse(plan.Control, list[first], "what happens in %s is not known before the iteration", f.header(list[first]))
	}
	if why != nil {
		return why
	}
	if s == nil || f.inRegion[s.call.expr] {
		return refuse(plan.Call, list[first], "the calls are batched already")
	}
	if !s.call.fn.Possible() {
		return f.never(s)
	}
	if bad := f.file.unusable(s.call); bad != nil {
		return bad
	}
	x.g = f.group(list, first)
	last := x.g.steps[len(x.g.steps)-1]
	f.guardsOK = true
	if last.stop != nil {
		// What its results are stored to may be made safe by a guard.
		at := stmtIndex(list, last.stmt)
		if at < 0 {
			return last.stop
		}
		if s, _ := f.stepAt(list, at); s == nil || s.stop != nil {
			return last.stop
		}
		last.stop = nil
	}
	for _, b := range x.g.tail {
		if b.do != nil {
			x.post = append(x.post, b.do)
		}
	}
	for _, st := range x.g.end.rest() {
		top.index = len(list) - 1
		if t := f.firstIn(st); t != nil {
			return refuse(plan.Consume, st, "%s is called in each iteration, too, and cannot be batched with the calls before it", t.fn.Name)
		}
		b, bad := x.silently(st)
		if bad != nil {
			if bad.reason == plan.Effect || bad.reason == plan.Between || bad.reason == plan.Control {
				bad = &refusal{plan.Consume, bad.text + ", which happens before the next iteration's calls", bad.pos}
			}
			x.blockers = append(x.blockers, bad)
			continue
		}
		x.post = append(x.post, b.do)
	}
	top.index = first
	f.guardsOK = false
	if len(x.blockers) > 0 {
		return nil
	}
	if bad := x.gather(); bad != nil {
		return bad
	}
	resume, resumes := false, []bool(nil)
	for _, s := range x.g.steps {
		resumes = append(resumes, resume)
		resume = resume || s.falls
	}
	blank, ok := f.unread(x.g, resumes)
	if !ok {
		return refuse(plan.Data, x.g.steps[0].call.expr, "nothing would read what %s returns", x.g.steps[0].call.fn.Name)
	}
	x.blank = blank
	if bad := x.crossIterations(); bad != nil {
		return bad
	}
	at := x.g.steps[0].call.expr
	if d := f.file.ignored(at.Pos()); d != nil {
		return refuse(plan.Ignored, at, "//batch:ignore asks to leave it: %s", d.text)
	}
	if x.cost = x.stripCost(); x.cost.Gain() <= 0 {
		return refuse(plan.Price, at, "it would not pay: an iteration %s", x.cost)
	}
	return nil
}

// silently looks at a statement that is no call. A condition under which the
// iteration ends there is one, too.
func (x *stripper) silently(s ast.Stmt) (*between, *refusal) {
	if _, ok := s.(*ast.DeferStmt); ok {
		return nil, refuse(plan.Consume, s, "%s is executed in each iteration", x.src(s))
	}
	do, bad := x.silentStmt(s, nil, true)
	if bad != nil {
		return nil, bad
	}
	return &between{stmt: s, do: do, names: x.declaredBy(s)}, nil
}

// rest are the statements behind the cursor.
func (c *cursor) rest() []ast.Stmt {
	var list []ast.Stmt
	for ; c != nil; c = c.up {
		if c.at < len(c.list) {
			list = append(list, c.list[c.at:]...)
		}
		if c.other != nil {
			list = append(list, c.other)
		}
	}
	return list
}

// firstIn is the first possible entry inside of a statement, or nil.
func (f *function) firstIn(st ast.Stmt) *call {
	var first *call
	ast.Inspect(st, func(n ast.Node) bool {
		if _, lit := n.(*ast.FuncLit); lit || first != nil {
			return false
		}
		if c, ok := n.(*ast.CallExpr); ok {
			if x := f.syscall(c); x != nil && x.fn.Possible() {
				first = x
			}
		}
		return true
	})
	return first
}

// skips is the condition of `if cond { …; continue }`, or nil; ok is false if the
// statement holds continue in another way.
func skips(s ast.Stmt) (cond ast.Expr, ok bool) {
	n := 0
	ast.Inspect(s, func(n2 ast.Node) bool {
		switch y := n2.(type) {
		case *ast.BranchStmt:
			if y.Tok == token.CONTINUE {
				n++
			}
		case *ast.ForStmt, *ast.RangeStmt, *ast.FuncLit:
			return false
		}
		return true
	})
	if n == 0 {
		return nil, true
	}
	i, isIf := s.(*ast.IfStmt)
	if !isIf || n > 1 || i.Else != nil || len(i.Body.List) == 0 {
		return nil, false
	}
	b, isBranch := i.Body.List[len(i.Body.List)-1].(*ast.BranchStmt)
	if !isBranch || b.Tok != token.CONTINUE || b.Label != nil {
		return nil, false
	}
	return i.Cond, true
}

// stmtIndex is where a list has a statement.
func stmtIndex(list []ast.Stmt, s ast.Stmt) int {
	for i, x := range list {
		if x == s {
			return i
		}
	}
	return -1
}

// ifOf is the if statement that a condition is of.
func (x *stripper) ifOf(cond ast.Expr) ast.Stmt {
	var found ast.Stmt
	ast.Inspect(x.l.body, func(n ast.Node) bool {
		if i, ok := n.(*ast.IfStmt); ok && i.Cond == cond {
			found = i
		}
		return found == nil
	})
	return found
}

// slots is how many entries the group takes in a table.
func (g *group) slots() int {
	n := len(g.steps)
	for i := range g.steps {
		n += len(g.loadsOf(i))
	}
	return n
}

// laneCount is how many iterations a strip has: sixteen, or as many as a table
// of 64 entries has room for. More than sixteen gain less than 3 %.
func laneCount(steps int) int { return max(2, min(16, 64/steps)) }
