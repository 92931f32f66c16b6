// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/autobatch/autobatch/internal/effects"
)

// epoch counts what has happened on the path that may have changed what the
// expressions read: as long as it stays the same, so does their value. It is
// false for expressions that do more than read.
func (m *machine) epoch(es ...ast.Expr) (n int, ok bool) {
	var reads []loc
	for _, e := range es {
		if m.hasSpecial(e) {
			return 0, false
		}
		r := m.look(e)
		if r.opaque != "" || len(r.writes) > 0 {
			return 0, false
		}
		reads = append(reads, r.reads...)
	}
	for _, a := range m.trace {
		for _, l := range reads {
			if m.changes(a, l) {
				n++
				break
			}
		}
	}
	return n, true
}

// changes reports whether an action may change what is at a place.
func (m *machine) changes(a *action, l loc) bool {
	switch {
	case a.kind == opaque:
		return l.mem || !m.f.stable(l.root)
	case a.kind == call && a.sys.sync&effects.Acquire != 0 && m.f.isShared(l):
		return true // without waiting nobody can know that he may write
	}
	for _, w := range a.writes {
		if m.f.mayAlias(w, l) {
			return true
		}
	}
	return false
}

// bare is a condition without negations around it, a comparison being one of
// ==, < and > where that is the same; neg says that it holds where the
// condition does not.
func (s *side) bare(e ast.Expr) (x ast.Expr, neg bool) {
	for {
		e = ast.Unparen(e)
		switch y := e.(type) {
		case *ast.UnaryExpr:
			if y.Op == token.NOT {
				e, neg = y.X, !neg
				continue
			}
		case *ast.BinaryExpr:
			if z := s.flipped(y); z != nil {
				return z, !neg
			}
		}
		return e, neg
	}
}

// flipped is the comparison that is false where e is true and the other way
// round, if e is one of !=, <= and >=. (Floating-point numbers that are no
// number are neither.)
func (s *side) flipped(e *ast.BinaryExpr) *ast.BinaryExpr {
	op := map[token.Token]token.Token{token.NEQ: token.EQL, token.GEQ: token.LSS, token.LEQ: token.GTR}[e.Op]
	if op == token.ILLEGAL || op != token.EQL && !basic(s.typeOf(e.X), types.IsInteger|types.IsString) {
		return nil
	}
	return &ast.BinaryExpr{X: e.X, OpPos: e.OpPos, Op: op, Y: e.Y}
}

// ahead decides a condition before its place, as it will be decided there for
// the first time.
func (m *machine) aheadHolds(e ast.Expr) bool {
	e = ast.Unparen(e)
	if m.s.constant(e) {
		return m.constantTruth(e)
	}
	switch x := e.(type) {
	case *ast.UnaryExpr:
		if x.Op == token.NOT {
			return !m.aheadHolds(x.X)
		}
	case *ast.BinaryExpr:
		switch x.Op {
		case token.LAND:
			return m.aheadHolds(x.X) && m.aheadHolds(x.Y)
		case token.LOR:
			return m.aheadHolds(x.X) || m.aheadHolds(x.Y)
		}
		if y := m.s.flipped(x); y != nil {
			return !m.aheadHolds(y)
		}
	}
	return m.condition(m.label(e), m.s.text(e), e)
}

// conditions collects the conditions that entries are under, and checks that
// the original tests them, too.
func (c *checker) conditions(b *batch, list []ast.Stmt) {
	c.early = map[string]bool{}
	tested := map[string]bool{}
	for _, st := range list {
		ast.Inspect(st, func(n ast.Node) bool {
			if i, ok := n.(*ast.IfStmt); ok {
				p := printer{s: c.orig}
				e, _ := c.orig.bare(i.Cond)
				p.node(e)
				tested[p.String()] = true
			}
			return true
		})
	}
	for _, x := range b.entries {
		for _, e := range x.preds {
			p := printer{s: c.edit}
			cond, _ := c.edit.bare(e)
			p.node(cond)
			if !tested[p.String()] {
				c.edit.fail(e, "%s is no condition of the original", c.edit.text(e))
			}
			c.early[p.String()] = true
		}
	}
}

// conditionAhead records that the condition of an entry is evaluated ahead: by
// the edited version where the table is made, by the original where it stands.
func (m *machine) conditionAhead(e ast.Expr) {
	e, _ = m.s.bare(e)
	p := printer{s: m.s}
	p.node(e)
	if m.s.edited || m.c.early[baseText(p.String())] {
		r := m.look(e)
		if r.opaque != "" {
			m.s.fail(e, "%s is evaluated ahead: %s", m.s.text(e), r.opaque)
		}
		reads := r.reads
		if m.strip != nil {
			reads = m.foreignReads(reads)
		}
		m.emit(&action{kind: evaluate, label: "ahead " + p.String(), text: m.s.text(e), node: e, reads: reads, panics: r.panics, ahead: true})
	}
}

// baseText is printed syntax without the iterations that variables are of.
func baseText(s string) string {
	var b []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '@' {
			for i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9' {
				i++
			}
			continue
		}
		b = append(b, s[i])
	}
	return string(b)
}

// under reports whether the conditions of an entry hold.
func (m *machine) under(x entry) bool {
	holds := true
	for _, e := range x.preds {
		r := m.look(e)
		if r.panics != "" {
			m.s.fail(e, "%s is evaluated ahead, and %s", m.s.text(e), r.panics)
		}
		m.conditionAhead(e)
		holds = m.aheadHolds(e) && holds
	}
	return holds
}

// structured finds the branches with results of the batch inside: they are
// executed statement by statement, on both sides.
func (c *checker) structured(b *batch, o, e []ast.Stmt) {
	skip := c.refill
	branches := func(list []ast.Stmt) []*ast.IfStmt {
		var found []*ast.IfStmt
		for _, st := range list {
			ast.Inspect(st, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FuncLit:
					return false
				case *ast.IfStmt:
					if n == skip {
						return false
					}
					found = append(found, n)
				}
				return true
			})
		}
		return found
	}
	x, y := branches(o), branches(e)
	if len(x) != len(y) {
		c.orig.fail(o[0], "branches are changed")
	}
	for i := range x {
		for _, p := range [2][2]ast.Node{{x[i].Body, y[i].Body}, {x[i].Else, y[i].Else}} {
			if isNilNode(p[0]) != isNilNode(p[1]) {
				c.orig.fail(x[i], "branches are changed")
			}
			if !isNilNode(p[1]) && b.inside(p[1]) {
				c.inner[p[0]], c.inner[p[1]] = true, true
			}
		}
	}
}

func isNilNode(n ast.Node) bool {
	switch x := n.(type) {
	case nil:
		return true
	case *ast.BlockStmt:
		return x == nil
	case *ast.IfStmt:
		return x == nil
	}
	return false
}

// inside reports whether a result of the batch is asked for in n.
func (b *batch) inside(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && b.access[call] != nil {
			found = true
		}
		return !found
	})
	return found
}
