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
	sometimes := false
	ast.Inspect(st, func(x ast.Node) bool {
		if b, ok := x.(*ast.BinaryExpr); ok && (b.Op == token.LAND || b.Op == token.LOR) {
			sometimes = sometimes || f.hasCalls(b.Y)
		}
		if e, ok := x.(*ast.CallExpr); ok {
			if y := f.syscall(e); y != nil {
				c = y
				n++
			}
		}
		return true
	})
	if n != 1 || sometimes || c.results() != 1 {
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
