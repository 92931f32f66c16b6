// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/autobatch/autobatch/internal/effects"
	"github.com/autobatch/autobatch/plan"
)

// step is one call of a straight line together with the checks that follow
// it: what may become an entry.
type step struct {
	call    *call
	stmt    ast.Stmt // the statement of the list that holds the call
	whole   bool     // the call is an expression statement of its own
	results []ast.Expr
	define  bool        // results are declared by the step
	goOn    plan.Class  // outcomes on which control reaches the next statement quietly
	falls   bool        // on another outcome control may still reach it
	next    int         // index of the statement after the step
	stop    *refusal    // why the batch cannot go on after this step
	preds   []predicate // conditions known before the batch under which alone the call is made
	into    *ast.IfStmt // the outcome decides that its body is entered, which has more calls
	ends    plan.Class  // outcomes on which a loop's iteration ends quietly
	quiet   []*doing    // handlers that are silent: the batch goes on although they run
}

// stepAt recognises the statement list[i] as a step. why says what is wrong
// with a statement that does hold a call of the table.
//
// Variants: an expression statement; assignments and declarations with the
// call as their only value, followed by if and switch statements on the
// results; if and switch statements with the call in front or as what is
// tested; a statement that evaluates the call before anything else
// (return, a wrapped error), which ends the batch.
//
// Restrictions: the outcome on which control goes on must be implied by the
// sign of the result; what receives the results must be stored to without
// panic when the batch goes on.
func (f *function) stepAt(list []ast.Stmt, i int) (s *step, why *refusal) {
	switch x := list[i].(type) {
	case *ast.ExprStmt:
		if c := f.callIn(x.X); c != nil && c.expr == x.X {
			return f.finish(&step{call: c, stmt: x, whole: true, goOn: plan.Any, next: i + 1})
		}
	case *ast.AssignStmt, *ast.DeclStmt:
		if s := f.assignment(x); s != nil {
			s.next = i + 1
			f.checks(s, list)
			return f.finish(s)
		}
	case *ast.IfStmt:
		if x.Init != nil {
			if s := f.assignment(x.Init); s != nil {
				s.stmt, s.next = x, i+1
				if f.decides(s, x, plan.Any) {
					return f.finish(s)
				}
				s.goOn = f.afterIf(s, x, plan.Any)
				return f.finish(s)
			}
			if e, ok := x.Init.(*ast.ExprStmt); ok {
				if c := f.callIn(e.X); c != nil {
					s := &step{call: c, stmt: x, whole: true, next: i + 1}
					s.goOn = f.afterIf(s, x, plan.Any)
					return f.finish(s)
				}
			}
			return nil, nil
		}
		if c := f.leading(x.Cond); c != nil {
			s := &step{call: c, stmt: x, next: i + 1}
			s.goOn = f.afterIf(s, x, plan.Any)
			return f.finish(s)
		}
	case *ast.SwitchStmt:
		if x.Init != nil {
			if s := f.assignment(x.Init); s != nil {
				s.stmt, s.next, s.goOn = x, i+1, f.afterSwitch(s, x, plan.Any)
				return f.finish(s)
			}
			return nil, nil
		}
		if x.Tag != nil {
			if c := f.leading(x.Tag); c != nil {
				s := &step{call: c, stmt: x, next: i + 1}
				s.goOn = f.afterSwitch(s, x, plan.Any)
				return f.finish(s)
			}
		}
	}
	if s := f.silentAround(list[i]); s != nil {
		s.next = i + 1
		return f.finish(s)
	}
	if c := f.leadingIn(list[i]); c != nil {
		s := &step{call: c, stmt: list[i], next: i + 1}
		s.stop = refuse(plan.Effect, list[i], "%s stands between the calls", f.src(list[i]))
		return f.finish(s)
	}
	return nil, nil
}

// silentAround recognises a statement that makes one call and does nothing else
// that could be told: errs = append(errs, unix.Unlink(p)).
func (f *function) silentAround(st ast.Stmt) *step {
	as, ok := st.(*ast.AssignStmt)
	if !ok || len(as.Rhs) != 1 {
		return nil
	}
	if _, ok := as.Rhs[0].(*ast.CallExpr); !ok || f.callIn(as.Rhs[0]) != nil {
		return nil
	}
	var c *call
	n := 0
	ast.Inspect(st, func(x ast.Node) bool {
		if e, ok := x.(*ast.CallExpr); ok {
			if y := f.syscall(e); y != nil {
				c = y
				n++
			}
		}
		return true
	})
	if n != 1 || c.results() != 1 {
		return nil
	}
	s := &step{call: c, stmt: st, goOn: plan.Any}
	w := f.handlerWalk(s, nil)
	w.stmt(st)
	w.d.reads = w.loads
	if w.bad != nil || f.crosses(&w.d, s) != nil {
		return nil
	}
	s.quiet = append(s.quiet, &w.d)
	return s
}

// finish refuses steps whose results are received in a way that the rewrite
// would change.
func (f *function) finish(s *step) (*step, *refusal) {
	if f.inRegion[s.call.expr] {
		return nil, nil
	}
	if f.file.commentIn(s.call.expr.Pos(), s.call.expr.Lparen) {
		return nil, refuse(plan.Call, s.call.expr, "a comment stands inside the call's name")
	}
	if s.call.raw && len(s.results) == 3 && !isBlank(s.results[1]) {
		return nil, refuse(plan.Call, s.results[1], "the second result of %s is used", s.call.fn.Name)
	}
	for _, l := range s.results {
		if bad := f.receiver(l); bad != nil {
			return nil, bad
		}
		if s.stop == nil {
			s.stop = f.storeMayPanic(l, s.call.expr.Args)
		}
	}
	if s.goOn|s.ends == 0 && s.stop == nil {
		s.stop = refuse(plan.Control, s.stmt, "what happens after %s does not follow from its success or failure alone", s.call.fn.Name)
	}
	if s.call.fn.Name == "Exit" {
		s.stop = refuse(plan.Control, s.stmt, "Exit does not return")
	}
	return s, nil
}

// receiver refuses left-hand sides whose operands have effects or could be
// changed during the call: they are now evaluated after it.
func (f *function) receiver(l ast.Expr) *refusal {
	if _, ok := ast.Unparen(l).(*ast.Ident); ok {
		return nil
	}
	var bad *refusal
	ast.Inspect(l, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr, *ast.FuncLit:
			bad = refuse(plan.Effect, n, "%s is evaluated before the call", f.src(n))
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				bad = refuse(plan.Effect, n, "%s is evaluated before the call", f.src(n))
			}
		case *ast.SelectorExpr:
			hops := 0
			if sel := f.pass.TypesInfo.Selections[n]; sel != nil {
				hops = pointerHops(f.pass.TypesInfo.TypeOf(n.X), sel.Index())
			}
			_, ident := ast.Unparen(n.X).(*ast.Ident)
			if hops > 1 || hops == 1 && !ident {
				bad = refuse(plan.Alias, n, "%s is read before the call and may be written during it", f.src(n.X))
			}
		case *ast.Ident:
			v, ok := f.pass.TypesInfo.Uses[n].(*types.Var)
			if !ok || v.IsField() || f.vars.storage(l) == v {
				return true
			}
			if f.dests[v] || !f.own(loc{root: v}) {
				bad = refuse(plan.Data, n, "%s may be written during the call whose result it receives", v.Name())
			}
		}
		return bad == nil
	})
	return bad
}

// storeMayPanic refuses to go on after a store that could panic; seen are
// expressions evaluated before it.
func (f *function) storeMayPanic(l ast.Expr, seen []ast.Expr) *refusal {
	if isBlank(l) {
		return nil
	}
	m := &mover{f: f, seen: seen}
	if id, ok := ast.Unparen(l).(*ast.Ident); ok && f.pass.TypesInfo.Defs[id] != nil {
		return nil
	}
	m.place(l)
	if m.bad != nil && m.bad.reason == plan.Panic {
		m.bad.text = "storing to " + f.src(l) + " may panic"
	}
	return m.bad
}

func isBlank(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && id.Name == "_"
}

// callIn is the table's call that e is, or nil. A function that does nothing but
// dress the call's error may be around it.
func (f *function) callIn(e ast.Expr) *call {
	x, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return nil
	}
	if effects.KeepsNil(callee(f.pass.TypesInfo, x)) {
		n := len(x.Args) - 1
		for _, a := range x.Args[:n] {
			if f.pass.TypesInfo.Types[a].Value == nil {
				return nil
			}
		}
		if c := f.callIn(x.Args[n]); c != nil && c.results() == 1 && c.hasErr() {
			return c
		}
		return nil
	}
	return f.syscall(x)
}

// assignment recognises a simple statement that stores the results of a call.
func (f *function) assignment(st ast.Stmt) *step {
	switch x := st.(type) {
	case *ast.AssignStmt:
		if len(x.Rhs) == 1 && (x.Tok == token.ASSIGN || x.Tok == token.DEFINE) {
			if c := f.callIn(x.Rhs[0]); c != nil && len(x.Lhs) == c.results() {
				return &step{call: c, stmt: x, results: x.Lhs, define: x.Tok == token.DEFINE, goOn: plan.Any}
			}
		}
	case *ast.DeclStmt:
		d, ok := x.Decl.(*ast.GenDecl)
		if !ok || d.Tok != token.VAR || len(d.Specs) != 1 {
			return nil
		}
		if vs := d.Specs[0].(*ast.ValueSpec); len(vs.Values) == 1 {
			if c := f.callIn(vs.Values[0]); c != nil && len(vs.Names) == c.results() {
				s := &step{call: c, stmt: x, define: true, goOn: plan.Any}
				for _, n := range vs.Names {
					s.results = append(s.results, n)
				}
				return s
			}
		}
	}
	return nil
}

// checks takes the if and switch statements that test the step's results
// into the step.
func (f *function) checks(s *step, list []ast.Stmt) {
	for s.next < len(list) {
		var left plan.Class
		falls := s.falls
		switch x := list[s.next].(type) {
		case *ast.IfStmt:
			if x.Init != nil || f.leading(x.Cond) != nil {
				return
			}
			if f.decides(s, x, s.goOn) {
				s.next++
				return
			}
			left = f.afterIf(s, x, s.goOn)
		case *ast.SwitchStmt:
			if x.Init != nil || x.Tag != nil && f.leading(x.Tag) != nil {
				return
			}
			left = f.afterSwitch(s, x, s.goOn)
		default:
			return
		}
		if left == 0 {
			// This statement runs whatever the call gave: it is no check.
			s.falls = falls
			s.stop = refuse(plan.Between, list[s.next], "%s stands between the calls", f.header(list[s.next]))
			return
		}
		s.goOn = left
		s.next++
	}
}

// decides reports whether the outcome of the step alone decides that the body
// of x is entered, and the body has more calls: then the batch goes on there.
func (f *function) decides(s *step, x *ast.IfStmt, set plan.Class) bool {
	if !f.hasCalls(x.Body) || f.leaves(x.Body.List, false) && x.Else == nil && len(x.Body.List) < 2 {
		return false
	}
	var in plan.Class
	for _, o := range f.outcomes(s, set) {
		switch o.condition(x.Cond) {
		case yes:
			in |= o.class
		case unknown:
			return false
		}
	}
	if in == 0 || in&plan.Neg != 0 || in == set {
		return false // of failures the batch stops: handlers are cold
	}
	s.into, s.goOn = x, in
	return true
}

// header is the first line of a statement, for messages.
func (f *function) header(n ast.Node) string {
	switch x := n.(type) {
	case *ast.IfStmt:
		if x.Init != nil {
			return "if " + f.src(x.Init) + "; " + f.src(x.Cond)
		}
		return "if " + f.src(x.Cond)
	case *ast.SwitchStmt:
		if x.Tag != nil {
			return "switch " + f.src(x.Tag)
		}
		return "switch"
	}
	return f.src(n)
}

// outcomes makes the evaluators for the classes in set.
func (f *function) outcomes(s *step, set plan.Class) []*outcome {
	var os []*outcome
	for _, c := range []plan.Class{plan.Neg, plan.Zero, plan.Pos} {
		if set&c != 0 {
			o := &outcome{f: f, call: s.call, class: c}
			o.numVar, o.errVar = f.resultVars(s)
			os = append(os, o)
		}
	}
	return os
}

// resultVars are the variables that receive the number and the error.
func (f *function) resultVars(s *step) (num, err types.Object) {
	i := -1
	obj := func(e ast.Expr) types.Object {
		i++
		if s.call.raw {
			i = 2
		}
		id, ok := ast.Unparen(e).(*ast.Ident)
		if !ok || id.Name == "_" {
			return nil
		}
		// In a variable of another type the value compares differently.
		obj := f.pass.TypesInfo.ObjectOf(id)
		t := f.pass.TypesInfo.TypeOf(s.call.expr)
		if tuple, ok := t.(*types.Tuple); ok {
			t = tuple.At(i).Type()
		}
		if obj == nil || !types.Identical(obj.Type(), t) {
			return nil
		}
		return obj
	}
	switch {
	case s.call.raw && len(s.results) == 3:
		return nil, obj(s.results[2])
	case len(s.results) == 2:
		return obj(s.results[0]), obj(s.results[1])
	case len(s.results) == 1 && s.call.hasErr():
		return nil, obj(s.results[0])
	case len(s.results) == 1:
		return obj(s.results[0]), nil
	}
	return nil, nil
}

// afterIf narrows the outcomes in set to those on which x does nothing, and
// notes whether control can get past x on another.
//
// Where what x does is silent, and touches nothing but what the function has
// for itself, the batch goes on in any case.
func (f *function) afterIf(s *step, x *ast.IfStmt, set plan.Class) (left plan.Class) {
	if d := f.quietHandlers(s, x.Cond, x.Body, x.Else); d != nil {
		s.quiet = append(s.quiet, d)
		if cond, ok := skips(x); ok && cond == nil {
			return set
		}
		for _, o := range f.outcomes(s, set) {
			switch o.condition(x.Cond) {
			case no:
				left |= o.class
			case yes:
				s.ends |= o.class
			default:
				s.falls = true
			}
		}
		return left
	}
	for _, o := range f.outcomes(s, set) {
		t := o.condition(x.Cond)
		if t == no && x.Else == nil {
			left |= o.class
			continue
		}
		past := t != no && !f.leaves(x.Body.List, false)
		if t != yes && (x.Else == nil || !f.leaves([]ast.Stmt{x.Else}, false)) {
			past = true
		}
		s.falls = s.falls || past
	}
	return left
}

// quietHandlers is what the condition and the branches of an if statement do,
// if all of it is silent and nobody else's business; else nil. The call of the
// step itself may be what the condition begins with.
func (f *function) quietHandlers(s *step, cond ast.Expr, body *ast.BlockStmt, other ast.Stmt) *doing {
	if f.sideExits {
		return nil
	}
	w := f.handlerWalk(s, cond)
	w.stmt(body)
	w.stmt(other)
	if _, ok := skips(&ast.IfStmt{Cond: cond, Body: body, Else: other}); !ok {
		return nil
	}
	if f.changesResult(s, w) {
		return nil
	}
	if other != nil {
		return w.result(other)
	}
	return w.result(body)
}

// changesResult reports whether a handler writes the variables that received the
// step's results: what is tested next is not what the call gave.
func (f *function) changesResult(s *step, w *silentWalk) bool {
	num, err := f.resultVars(s)
	for _, l := range w.d.writes {
		if l.root == nil || types.Object(l.root) == num || types.Object(l.root) == err {
			return true
		}
	}
	return false
}

func (f *function) quietSwitch(s *step, x *ast.SwitchStmt) *doing {
	if f.sideExits {
		return nil
	}
	w := f.handlerWalk(s, x.Tag)
	y := *x
	y.Init, y.Tag = nil, nil
	if x.Tag != nil { // compared in each case
		for _, cl := range x.Body.List {
			for _, e := range cl.(*ast.CaseClause).List {
				w.comparable(x.Tag, e, e)
			}
		}
	}
	w.stmt(&y)
	if f.changesResult(s, w) {
		return nil
	}
	return w.result(x)
}

// handlerWalk begins with what is tested: its operands that are not the call.
func (f *function) handlerWalk(s *step, cond ast.Expr) *silentWalk {
	w := &silentWalk{mover: mover{f: f, seen: s.call.expr.Args, stays: true}, d: doing{node: s.stmt}, inLoop: f.loop != nil}
	w.writes = &w.d.writes
	w.given = s.call.expr
	if cond != nil {
		w.value(cond)
	}
	return w
}

func (w *silentWalk) result(n ast.Node) *doing {
	w.d.reads, w.d.node = w.loads, n
	// How far the region goes is not known yet; crosses looks again.
	defer func(end token.Pos) { w.f.regionEnd = end }(w.f.regionEnd)
	w.f.regionEnd = n.End()
	if w.bad != nil || !w.f.ownDoing(&w.d) {
		return nil
	}
	return &w.d
}

// afterSwitch does the same for a switch on the error or on conditions.
func (f *function) afterSwitch(s *step, x *ast.SwitchStmt, set plan.Class) (left plan.Class) {
	if d := f.quietSwitch(s, x); d != nil {
		if cond, ok := skips(x); ok && cond == nil {
			s.quiet = append(s.quiet, d)
			return set
		}
	}
	falls := false
	hasDefault := false
	for _, cl := range x.Body.List {
		c := cl.(*ast.CaseClause)
		hasDefault = hasDefault || c.List == nil
		falls = falls || !f.leaves(c.Body, true)
	}
	falls = falls || !hasDefault
	for _, o := range f.outcomes(s, set) {
		body, ok := o.chosen(x)
		if ok && len(body) == 0 {
			left |= o.class
			continue
		}
		s.falls = s.falls || falls
	}
	return left
}

// chosen is the body of the clause that the outcome selects; ok is false when
// the outcome does not decide it.
func (o *outcome) chosen(x *ast.SwitchStmt) (body []ast.Stmt, ok bool) {
	if x.Tag != nil && !o.isErr(ast.Unparen(x.Tag)) && !o.isNum(ast.Unparen(x.Tag)) && !o.f.quiet(x.Tag) {
		return nil, false
	}
	var def []ast.Stmt
	for _, cl := range x.Body.List {
		c := cl.(*ast.CaseClause)
		if c.List == nil {
			def = c.Body
			continue
		}
		for _, e := range c.List {
			var t truth
			if x.Tag == nil {
				t = o.condition(e)
			} else {
				t = o.compare(&ast.BinaryExpr{X: x.Tag, Op: token.EQL, Y: e})
			}
			switch t {
			case yes:
				return c.Body, true
			case unknown:
				return nil, false
			}
		}
	}
	return def, true
}
