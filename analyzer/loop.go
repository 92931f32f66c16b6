// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"go/version"

	"github.com/autobatch/autobatch/plan"
	"github.com/autobatch/autobatch/rewrite"
)

// loop is a loop that counts, so that iterations to come can be foreseen.
type loop struct {
	stmt  ast.Stmt // *ast.ForStmt or *ast.RangeStmt
	outer ast.Stmt // stmt, or the labelled statement that it is
	body  *ast.BlockStmt
	kind  rewrite.LoopKind
	key   *types.Var // the index; nil if it has no name
	value *types.Var // the element; nil if it has no name
	over  ast.Expr   // what is ranged over, or the condition of a counted loop
	bind  bool       // over must be evaluated into a variable first
}

// perIteration reports whether v is another variable in each iteration.
func (l *loop) perIteration(v *types.Var) bool {
	return v != nil && l.stmt.Pos() <= v.Pos() && v.Pos() < l.stmt.End()
}

// loopOf recognises a loop whose iterations can be foreseen.
//
// Variants: range over a slice, an array, a pointer to an array, or an integer;
// `for i := a; cond; i++` (or i += a positive constant), where cond reads nothing
// that the body changes.
//
// Restrictions: the index and the element keep their values in an iteration
// and belong to it alone (Go 1.22); the function has no goto. Maps, channels,
// functions and strings are left alone: what comes next is not known, or not
// at a fixed distance.
func (f *function) loopOf(outer ast.Stmt) (*loop, *refusal) {
	l := &loop{stmt: outer, outer: outer}
	if lab, ok := outer.(*ast.LabeledStmt); ok {
		l.stmt = lab.Stmt
	}
	var bad *refusal
	switch s := l.stmt.(type) {
	case *ast.RangeStmt:
		l.body = s.Body
		bad = f.ranges(l, s)
	case *ast.ForStmt:
		l.body = s.Body
		bad = f.counted(l, s)
	default:
		return nil, nil
	}
	if bad != nil {
		return nil, bad
	}
	switch {
	case f.hasGoto:
		return nil, refuse(plan.Control, l.stmt, "the function has a goto")
	case version.Compare(f.goVersion(), "go1.22") < 0:
		return nil, refuse(plan.Loop, l.stmt, "the file is for a Go before 1.22, in which iterations share the loop's variables")
	}
	for _, v := range []*types.Var{l.key, l.value} {
		if v == nil {
			continue
		}
		if f.vars.exposed(v) || f.vars.isCaptured(v) {
			return nil, refuse(plan.Alias, l.stmt, "the loop's variable %s is shared with other code", v.Name())
		}
		if n := f.vars.assigned[v]; n > 1 || n == 1 && l.kind != rewrite.Counted {
			return nil, refuse(plan.Data, l.stmt, "the loop's variable %s is changed in its body", v.Name())
		}
	}
	return l, nil
}

// goVersion is the Go version of the file.
func (f *function) goVersion() string {
	if v := f.pass.TypesInfo.FileVersions[f.file.syntax]; v != "" {
		return v
	}
	if v := f.pass.Pkg.GoVersion(); v != "" {
		return v
	}
	return "go1.0"
}

func (f *function) ranges(l *loop, s *ast.RangeStmt) *refusal {
	info := f.pass.TypesInfo
	name := func(e ast.Expr) (*types.Var, bool) {
		if e == nil || isBlank(e) {
			return nil, true
		}
		id, ok := e.(*ast.Ident)
		if !ok {
			return nil, false
		}
		v, ok := info.Defs[id].(*types.Var)
		return v, ok
	}
	var ok1, ok2 bool
	l.key, ok1 = name(s.Key)
	l.value, ok2 = name(s.Value)
	if !ok1 || !ok2 {
		return refuse(plan.Loop, s, "the loop's variables are declared outside of it")
	}
	l.over = s.X
	t := types.Unalias(info.TypeOf(s.X)).Underlying()
	switch u := t.(type) {
	case *types.Slice, *types.Array:
		l.kind = rewrite.RangeElements
	case *types.Pointer:
		if isArrayPointer(t) == nil {
			return refuse(plan.Loop, s, "a loop over %s is not batched", f.src(s.X))
		}
		// Where only its length is needed it is not evaluated, and may be nil;
		// otherwise it panics right at the beginning.
		id, ok := ast.Unparen(s.X).(*ast.Ident)
		if v, isVar := info.ObjectOf(id).(*types.Var); !ok || !isVar || l.value != nil && !f.nonNil(v, nil) {
			return refuse(plan.Panic, s, "%s is not known to be non-nil", f.src(s.X))
		}
		l.kind = rewrite.RangeElements
	case *types.Basic:
		if u.Info()&types.IsInteger == 0 {
			return refuse(plan.Loop, s, "a loop over the runes of a string is not batched")
		}
		l.kind = rewrite.RangeInt
	default:
		return refuse(plan.Loop, s, "a loop over a map, channel or function is not batched: what comes next is not known beforehand")
	}
	// The value is that of the time when the loop begins.
	id, isVar := ast.Unparen(s.X).(*ast.Ident)
	if isVar {
		v, ok := info.Uses[id].(*types.Var)
		isVar = ok && f.vars.private(v) && !f.writtenIn(s, v)
		if _, array := t.(*types.Array); array && (!isVar || f.isDestination(v)) {
			return refuse(plan.Loop, s, "the array %s, of which the loop has a copy, may change", f.src(s.X))
		}
	}
	if _, array := t.(*types.Array); array && !isVar {
		return refuse(plan.Loop, s, "a loop over the array %s is not batched: give it a name", f.src(s.X))
	}
	l.bind = !isVar && info.Types[s.X].Value == nil
	if l.bind && isArrayPointer(t) != nil {
		return refuse(plan.Loop, s, "a loop over %s is not batched: it may change", f.src(s.X))
	}
	return nil
}

// writtenIn reports whether some assignment inside of n is to the variable v.
func (f *function) writtenIn(n ast.Node, v *types.Var) bool {
	found := false
	note := func(e ast.Expr) {
		if e != nil && f.vars.storage(e) == v {
			found = true
		}
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				note(l)
			}
		case *ast.IncDecStmt:
			note(n.X)
		case *ast.RangeStmt:
			note(n.Key)
			note(n.Value)
		}
		return !found
	})
	return found
}

func (f *function) counted(l *loop, s *ast.ForStmt) *refusal {
	info := f.pass.TypesInfo
	no := refuse(plan.Loop, s, "only loops over slices, arrays and numbers, and such as for i := 0; i < n; i++, are batched")
	init, ok := s.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE || len(init.Lhs) != 1 || s.Cond == nil || s.Post == nil {
		return no
	}
	id, ok := init.Lhs[0].(*ast.Ident)
	if !ok {
		return no
	}
	v, ok := info.Defs[id].(*types.Var)
	if !ok || !plainType(v.Type()) {
		return no
	}
	is := func(e ast.Expr) bool {
		x, ok := ast.Unparen(e).(*ast.Ident)
		return ok && info.Uses[x] == v
	}
	switch p := s.Post.(type) {
	case *ast.IncDecStmt:
		if p.Tok != token.INC || !is(p.X) {
			return no
		}
	case *ast.AssignStmt:
		n, ok := constInt(info, p.Rhs[0])
		if p.Tok != token.ADD_ASSIGN || !is(p.Lhs[0]) || !ok || n <= 0 {
			return no
		}
	default:
		return no
	}
	l.key, l.over, l.kind = v, s.Cond, rewrite.Counted
	return nil
}
