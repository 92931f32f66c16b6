// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/types"

	"github.com/autobatch/autobatch/plan"
)

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
			if x, ok := list[s.next].(*ast.IfStmt); ok {
				if id, _ := f.usesResult([]*step{s}, x.Cond); id != nil {
					s.stop = refuse(plan.Control, x, "what happens in %s is known only when %s has returned", f.header(x), s.call.fn.Name)
				}
			}
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
		if o.passes(x) {
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
