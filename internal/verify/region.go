// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
)

// region proves that the statements all of the original, and e after the batch
// b, do the same. The moved statements stand before the batch in the edited
// version; o is all without them.
func (c *checker) region(b *batch, all, moved, o, e []ast.Stmt) {
	if len(o) != len(e) {
		c.edit.fail(b.node, "the number of statements is changed")
	}
	c.pragmas()
	fr := c.frames[len(c.frames)-1]
	for i := range o {
		c.at(fr.oi+i, fr.ei+i)
		c.matchInner(o[i], e[i], b)
		if l, ok := o[i].(*ast.LabeledStmt); ok {
			c.orig.fail(l, "control may come from elsewhere to the label %s", l.Label.Name)
		}
	}
	c.at(fr.oi, fr.ei)
	c.unsafeArguments(b)
	c.conditions(b, o)
	c.structured(b, o, e)
	c.look(all)
	nonnil := c.notNil()
	c.alive(b, moved, nonnil)
	rest := c.restEqual(b, o, e)
	if len(moved) > 0 {
		rest = nil // what moved is not the same any more
	}
	d := newDecisions()
	for rounds := 1; ; rounds++ {
		if rounds > maxRounds {
			c.orig.fail(o[0], "there are too many paths")
		}
		x := c.machine(c.edit, d, nonnil)
		x.b = b
		x.ahead = true
		for _, st := range moved {
			x.stmt(st)
		}
		x.ahead = false
		x.run()
		x.all(e, rest)
		y := c.machine(c.orig, d, nonnil)
		y.stop = x.stop
		y.all(all, nil)
		if n, why := c.facts.equivalent(y.trace, x.trace); why != "" {
			if n == nil {
				n = o[0]
			}
			c.orig.fail(n, "%s: %s", d, why)
		}
		if !d.next() {
			break
		}
	}
	// What does the same may still look different: a reader wants one change.
	for i := range o {
		was, calls := c.shape(c.orig, nil, o[i])
		is, results := c.shape(c.edit, b, e[i])
		if was != is {
			c.orig.fail(o[i], "more than the call is changed in %q", c.orig.text(o[i]))
		}
		for k, call := range calls {
			if a := b.access[results[k]]; a != nil && a.or != nil && !c.same(call, a.or) {
				c.edit.fail(a.or, "%s stands in for %s", c.edit.text(a.or), c.orig.text(call))
			}
		}
	}
}

func (c *checker) machine(s *side, d *decisions, nonnil map[string]bool) *machine {
	return &machine{
		looker: looker{s: s, f: c.facts, nonnil: maps.Clone(nonnil), below: c.below, pure: c.pure, places: map[ast.Expr]string{}},
		c:      c, d: d, env: map[string]value{}, vals: map[ast.Expr]string{}, conds: map[string]int{}, stop: -1,
	}
}

// look notes which code is looked at now.
func (c *checker) look(list []ast.Stmt) {
	var loops []ast.Node
	for _, fr := range c.frames[:len(c.frames)-1] {
		if fr.oi < len(fr.orig) {
			ast.Inspect(fr.orig[fr.oi], func(n ast.Node) bool {
				switch n.(type) {
				case *ast.ForStmt, *ast.RangeStmt:
					if n.Pos() <= list[0].Pos() && list[0].Pos() < n.End() {
						loops = append(loops, n)
					}
				}
				return true
			})
		}
	}
	c.facts.region(list[len(list)-1].End(), loops)
	c.below = c.bounds()
}

// all executes the statements of a region. rest[i] says that from statement i
// on the edited version is the original once no entry has run whose result is
// asked for from there on: then nothing is left to prove.
func (m *machine) all(list []ast.Stmt, rest []bool) {
	for i, st := range list {
		if rest != nil && rest[i] && !m.pending(list[i:]) {
			m.stop = i
		}
		if i == m.stop {
			break
		}
		if m.stmt(st) {
			return
		}
	}
	m.emit(&action{kind: exit, label: "end", text: "the rest of the function", node: list[len(list)-1]})
}

// pending reports whether an entry has run whose result the statements ask for.
func (m *machine) pending(list []ast.Stmt) bool {
	for _, st := range list {
		found := false
		ast.Inspect(st, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if a := m.b.access[call]; a != nil {
					if _, ran := m.ran[a.entry]; ran {
						found = true
					}
				}
			}
			return !found
		})
		if found {
			return true
		}
	}
	return false
}

// restEqual says of each statement whether it and all after it are equal
// when no entry has run: every result is asked for together with the call
// that gives it otherwise.
func (c *checker) restEqual(b *batch, o, e []ast.Stmt) []bool {
	rest := make([]bool, len(o))
	for i := len(o) - 1; i >= 0; i-- {
		p := printer{s: c.orig, special: c.plain(c.orig, nil)}
		q := printer{s: c.edit, equal: c.equal, other: c.orig, special: c.plain(c.edit, b), otherSpecial: c.plain(c.orig, nil)}
		p.node(o[i])
		q.node(e[i])
		rest[i] = p.String() == q.String() && (i == len(o)-1 || rest[i+1])
	}
	return rest
}

// plain prints a call that stands in for an entry as that call, and a result
// that is dropped by an assignment as one that is not asked for.
func (c *checker) plain(s *side, b *batch) func(*printer, ast.Node) bool {
	return func(p *printer, n ast.Node) bool {
		if call := c.dropped(s, b, n); call != nil && (b == nil || b.access[call] == nil || b.access[call].or != nil) {
			p.WriteString("drop ")
			p.node(call)
			return true
		}
		call, ok := n.(*ast.CallExpr)
		if ok && b != nil && b.access[call] != nil && b.access[call].or != nil {
			p.node(b.access[call].or)
			return true
		}
		return false
	}
}

// shape prints a statement with nothing but their functions in the place of
// system calls and of results that are asked for, and returns these.
func (c *checker) shape(s *side, b *batch, st ast.Stmt) (string, []*ast.CallExpr) {
	var calls []*ast.CallExpr
	names := func(s *side, b *batch) func(*printer, ast.Node) bool {
		return func(p *printer, n ast.Node) bool {
			if call := c.dropped(s, b, n); call != nil {
				p.WriteString("drop ")
				p.node(call)
				return true
			}
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return false
			}
			sys := s.syscall(call, c.goarch)
			if b != nil && b.access[call] != nil {
				sys = b.entries[b.access[call].entry].sys
			}
			if sys == nil {
				return false
			}
			p.WriteString("call " + sys.name)
			calls = append(calls, call)
			return true
		}
	}
	p := printer{s: s, special: names(s, b), gone: func(obj types.Object) bool {
		v, ok := obj.(*types.Var)
		return ok && c.unread(c.orig, v)
	}}
	if s.edited {
		p.equal, p.other, p.otherSpecial = c.equal, c.orig, names(c.orig, nil)
		if c.refill != nil {
			p.drop = c.refill
		}
	}
	p.node(st)
	return p.String(), calls
}

// dropped returns the system call, or the result of an entry, that a
// statement consists of, which drops what it gives; nil if it is no such
// statement.
func (c *checker) dropped(s *side, b *batch, n ast.Node) *ast.CallExpr {
	var e ast.Expr
	switch n := n.(type) {
	case *ast.ExprStmt:
		e = n.X
	case *ast.AssignStmt:
		if n.Tok != token.ASSIGN || len(n.Rhs) != 1 {
			return nil
		}
		for _, l := range n.Lhs {
			if !blank(l) {
				return nil
			}
		}
		e = n.Rhs[0]
	default:
		return nil
	}
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || (b == nil || b.access[call] == nil) && s.syscall(call, c.goarch) == nil {
		return nil
	}
	return call
}

// unsafeArguments refuses addresses as integers in entries: nothing would
// hold or move what they name.
func (c *checker) unsafeArguments(b *batch) {
	for _, x := range b.entries {
		for _, a := range x.call.Args {
			ast.Inspect(a, func(n ast.Node) bool {
				e, ok := n.(ast.Expr)
				if !ok {
					return true
				}
				if c.edit.typeOf(e).String() == "unsafe.Pointer" {
					c.edit.fail(e, "the unsafe pointer %s in an entry is not modelled", c.edit.text(e))
				}
				return true
			})
		}
	}
}
