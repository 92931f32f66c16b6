// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// bound is what the index variable of a loop stays below, not being negative.
type bound struct {
	lenOf  string // the length of this variable, which keeps its value
	value  string // the value of this variable, which keeps it
	number int64  // a number, if the others are empty
}

// bounds finds the index variables of the loops around the place that is
// looked at, and what they stay below.
func (c *checker) bounds() map[string]bound {
	below := map[string]bound{}
	for _, fr := range c.frames[:len(c.frames)-1] {
		if fr.oi >= len(fr.orig) {
			continue
		}
		st := fr.orig[fr.oi]
		if l, ok := st.(*ast.LabeledStmt); ok {
			st = l.Stmt
		}
		c.boundOf(st, below)
	}
	return below
}

// boundOf adds the index variable of one loop.
func (c *checker) boundOf(st ast.Stmt, below map[string]bound) {
	f, s := c.facts, c.orig
	switch st := st.(type) {
	case *ast.RangeStmt:
		v := s.variable(st.Key)
		if v == nil || st.Tok != token.DEFINE || !f.stable(s.name(v)) {
			return
		}
		if b, ok := c.limit(st.X, false); ok {
			below[s.name(v)] = b
		}
	case *ast.ForStmt:
		v := c.counter(st)
		if v == nil {
			return
		}
		cond, ok := ast.Unparen(st.Cond).(*ast.BinaryExpr)
		if !ok || cond.Op != token.LSS || s.variable(cond.X) != v {
			return
		}
		e := ast.Unparen(cond.Y)
		length := false
		if call, ok := e.(*ast.CallExpr); ok && len(call.Args) == 1 && s.Info.Types[call.Fun].IsBuiltin() {
			if id, ok := ast.Unparen(call.Fun).(*ast.Ident); !ok || id.Name != "len" {
				return
			}
			e, length = call.Args[0], true
		}
		if b, ok := c.limit(e, length); ok {
			below[s.name(v)] = b
		}
	}
}

// limit makes a bound of an expression: of its length, if length is set or it
// has one, else of its value.
func (c *checker) limit(e ast.Expr, length bool) (bound, bool) {
	t := c.orig.typeOf(e)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if a, ok := t.Underlying().(*types.Array); ok {
		return bound{number: a.Len()}, true
	}
	if n, ok := c.orig.number(e); ok && !length && c.orig.spelled(e) {
		return bound{number: n}, true
	}
	v := c.orig.variable(e)
	if v == nil || !c.facts.stable(c.orig.name(v)) || c.facts.looped[c.orig.name(v)] {
		return bound{}, false
	}
	if basic(t, types.IsInteger) {
		return bound{value: c.orig.name(v)}, !length
	}
	if _, slice := t.Underlying().(*types.Slice); !slice && !basic(t, types.IsString) {
		return bound{}, false // a map's or channel's length changes by itself, and a map's keys are no indexes
	}
	return bound{lenOf: c.orig.name(v)}, true
}

// counter is the variable of a loop that counts up from a constant, written by
// nothing but the loop's own ++; nil if the loop is no such.
func (c *checker) counter(st *ast.ForStmt) *types.Var {
	s := c.orig
	init, ok := st.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE || len(init.Lhs) != 1 || len(init.Rhs) != 1 || st.Cond == nil {
		return nil
	}
	v := s.variable(init.Lhs[0])
	n, constant := s.number(init.Rhs[0])
	post, inc := st.Post.(*ast.IncDecStmt)
	if v == nil || !constant || n < 0 || !inc || post.Tok != token.INC || s.variable(post.X) != v {
		return nil
	}
	name := s.name(v)
	if c.facts.taken(name) || c.facts.results[name] || c.facts.writes(name) != 1 {
		return nil
	}
	return v
}

// writes counts the statements of the function that assign to a variable after
// its declaration.
func (f *facts) writes(name string) int {
	n := 0
	count := func(e ast.Expr) {
		if e == nil {
			return
		}
		if v := f.root(e); v != nil && f.s.name(v) == name {
			n++
		}
	}
	ast.Inspect(f.s.Decl, func(x ast.Node) bool {
		switch x := x.(type) {
		case *ast.AssignStmt:
			for _, l := range x.Lhs {
				if id, ok := l.(*ast.Ident); !ok || f.s.Info.Defs[id] == nil {
					count(l)
				}
			}
		case *ast.IncDecStmt:
			count(x.X)
		case *ast.RangeStmt:
			if x.Tok == token.ASSIGN {
				count(x.Key)
				count(x.Value)
			}
		case *ast.UnaryExpr:
			if x.Op == token.AND {
				count(x.X)
			}
		}
		return true
	})
	return n
}

// inside reports whether an index is certainly in range: it is a variable that
// stays below the length of what is indexed.
func (l *looker) inside(e *ast.IndexExpr) bool {
	i := l.s.variable(e.Index)
	if i == nil {
		return false
	}
	if b, ok := l.below[baseOf(l.s.name(i))]; ok && l.within(b, e) {
		return true
	}
	if x := l.s.variable(e.X); x != nil && l.round[l.s.name(i)+" in "+baseOf(l.s.name(x))] {
		return true
	}
	return false
}

// within reports whether an index that is in the bound is in range.
func (l *looker) within(b bound, e *ast.IndexExpr) bool {
	t := l.s.typeOf(e.X)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if a, ok := t.Underlying().(*types.Array); ok {
		return b.lenOf == "" && b.value == "" && b.number <= a.Len()
	}
	x := l.s.variable(e.X)
	if x == nil || !l.f.stable(l.s.name(x)) || l.f.looped[baseOf(l.s.name(x))] {
		return false
	}
	name := baseOf(l.s.name(x))
	if b.lenOf == name {
		return true
	}
	// Of the edited version the sizes are those of the original, which has the
	// same names.
	size := l.f.sizes[name]
	if size == nil {
		return false
	}
	o := l.f.s
	if call, ok := ast.Unparen(size).(*ast.CallExpr); ok && len(call.Args) == 1 && o.Info.Types[call.Fun].IsBuiltin() {
		id, isLen := ast.Unparen(call.Fun).(*ast.Ident)
		v := o.variable(call.Args[0])
		return isLen && id.Name == "len" && v != nil && b.lenOf == o.name(v)
	}
	if tv := o.Info.Types[size]; tv.Value != nil {
		n, ok := constant.Int64Val(constant.ToInt(tv.Value))
		return ok && b.lenOf == "" && b.value == "" && b.number <= n && o.spelled(size)
	}
	v := o.variable(size)
	return v != nil && b.value == o.name(v)
}
