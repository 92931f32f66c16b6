// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
)

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

// passes reports whether the outcome is sure to take no branch of the if
// statement.
func (o *outcome) passes(x *ast.IfStmt) bool {
	if o.condition(x.Cond) != no {
		return false
	}
	switch e := x.Else.(type) {
	case nil:
		return true
	case *ast.IfStmt:
		return e.Init == nil && o.passes(e)
	}
	return false
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
