// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"go/ast"
	"go/token"
	"go/types"
)

// allFit reports whether the loop never has more iterations than there are
// lanes: the number is the source's.
func (c *checker) allFit(t *strip, h *head) bool {
	n, ok := c.trips(t, h)
	return ok && t.fits(n)
}

// trips is how many iterations the loop has, if nothing ends it early and the
// source says the number.
func (c *checker) trips(t *strip, h *head) (int64, bool) {
	s := c.orig
	switch h.kind {
	case integers:
		return s.number(h.over)
	case elements:
		u := s.typeOf(h.over).Underlying()
		if p, ok := u.(*types.Pointer); ok {
			u = p.Elem().Underlying()
		}
		if a, ok := u.(*types.Array); ok {
			return a.Len(), true
		}
		lit, ok := ast.Unparen(h.over).(*ast.CompositeLit)
		if !ok || t.list == nil {
			return 0, false
		}
		for _, e := range lit.Elts {
			if _, keyed := e.(*ast.KeyValueExpr); keyed {
				return 0, false
			}
		}
		return int64(len(lit.Elts)), true
	}
	loop := h.orig.(*ast.ForStmt)
	init := loop.Init.(*ast.AssignStmt)
	cond, ok := ast.Unparen(loop.Cond).(*ast.BinaryExpr)
	if !ok || s.variable(ast.Unparen(cond.X)) == nil || s.variable(ast.Unparen(cond.X)) != s.variable(init.Lhs[0]) {
		return 0, false
	}
	from, ok1 := s.number(init.Rhs[0])
	to, ok2 := s.number(cond.Y)
	step := int64(1)
	if p, isSum := loop.Post.(*ast.AssignStmt); isSum {
		step, ok = s.number(p.Rhs[0])
	}
	// Counted one by one, in a range that every integer type has.
	if !ok || !ok1 || !ok2 || from < 0 || to > 100 || step < 1 || step > 20 {
		return 0, false
	}
	n := int64(0)
	for i := from; cond.Op == token.LSS && i < to || cond.Op == token.LEQ && i <= to; i += step {
		n++
	}
	return n, cond.Op == token.LSS || cond.Op == token.LEQ
}

// aheadWhole reads the loop that fills a table for all iterations:
// for i := i; i < len(x); i++, or with a number or the loop's own condition.
func (c *checker) aheadWhole(t *strip, h *head, l *ast.ForStmt, cond *ast.BinaryExpr, i *types.Var) bool {
	s := c.edit
	if h.kind == counting {
		of := h.orig.(*ast.ForStmt)
		return c.same(of.Cond, l.Cond) && c.same(of.Post, l.Post)
	}
	inc, ok := l.Post.(*ast.IncDecStmt)
	if !ok || inc.Tok != token.INC || !c.is(inc.X, i) || cond.Op != token.LSS || !c.is(cond.X, i) {
		return false
	}
	if h.kind == elements {
		of := s.builtin(cond.Y, "len")
		return len(of) == 1 && c.isOver(t, h, of[0])
	}
	return c.isOver(t, h, cond.Y)
}
