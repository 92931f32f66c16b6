// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"go/ast"
	"go/token"
	"slices"
)

// frame is a pair of statement lists that are being compared, and how far
// the comparison has come.
type frame struct {
	orig, edit []ast.Stmt
	oi, ei     int
	owner      ast.Node // the block or clause of the original that the lists are of
	lit        bool     // the lists are the body of a function literal
}

// matchList proves that two statement lists are equivalent.
func (c *checker) matchList(owner ast.Node, o, e []ast.Stmt, lit bool) {
	c.frames = append(c.frames, frame{orig: o, edit: e, owner: owner, lit: lit})
	defer func() { c.frames = c.frames[:len(c.frames)-1] }()
	i, j := 0, 0
	for i < len(o) && j < len(e) {
		c.at(i, j)
		if t, at := c.stripAt(e, j); t != nil {
			c.checkStrip(t, o[i], e[at])
			i, j = i+1, at+1
			continue
		}
		b, after := c.header(e, j)
		var moved []ast.Stmt
		if b == nil {
			// Statements may have moved before a batch.
			k := j
			for k < len(e) && !c.isNew(e[k]) && !c.same(o[i], e[k]) && c.comesLater(o[i:], e[k]) {
				k++
			}
			if k > j && k < len(e) {
				if b, after = c.header(e, k); b != nil {
					moved = e[j:k]
				}
			}
		}
		if b == nil {
			c.matchStmt(o[i], e[j])
			i++
			j++
			continue
		}
		c.at(i, after)
		c.accesses(b, e[after:])
		if b.last < 0 {
			c.edit.fail(b.node, "no result of the table is asked for")
		}
		n := b.last + 1
		if i+n+len(moved) > len(o) {
			c.edit.fail(e[after+b.last], "there are more statements than in the original")
		}
		all := o[i : i+n+len(moved)]
		var vars, others []ast.Stmt
		for _, st := range moved {
			if isVar(st) {
				vars = append(vars, st)
			} else {
				others = append(others, st)
			}
		}
		c.region(b, c.without(all, vars), others, c.without(all, moved), e[after:after+n])
		i += n + len(moved)
		j = after + n
	}
	switch {
	case i < len(o):
		c.orig.fail(o[i], "the statement %q is lost", c.orig.text(o[i]))
	case j < len(e):
		c.edit.fail(e[j], "the statement %q is new", c.edit.text(e[j]))
	}
}

// comesLater reports whether a statement of the edited version is one of the
// original's further on.
func (c *checker) comesLater(o []ast.Stmt, e ast.Stmt) bool {
	for _, st := range o[1:] {
		if c.same(st, e) {
			return true
		}
	}
	return false
}

// isNew reports whether the statement declares a variable that the original
// does not have.
func (c *checker) isNew(st ast.Stmt) bool {
	_, obj := c.declared(st)
	return obj != nil
}

// isVar reports whether a statement does nothing but declare variables that
// are zero.
func isVar(st ast.Stmt) bool {
	d, ok := st.(*ast.DeclStmt)
	if !ok {
		return false
	}
	g, ok := d.Decl.(*ast.GenDecl)
	if !ok || g.Tok != token.VAR || len(g.Specs) != 1 {
		return false
	}
	return len(g.Specs[0].(*ast.ValueSpec).Values) == 0
}

// without returns the statements without those that the edited version makes
// before them, in the same order. Moving a declaration without a value changes
// nothing: a variable that is not in scope yet cannot be used, and what its
// name means in between is compared with all else.
func (c *checker) without(list, moved []ast.Stmt) []ast.Stmt {
	var rest []ast.Stmt
	found := 0
	for _, st := range list {
		if found < len(moved) && c.same(st, moved[found]) {
			found++
			continue
		}
		rest = append(rest, st)
	}
	if found < len(moved) {
		c.edit.fail(moved[found], "the statement %q is new", c.edit.text(moved[found]))
	}
	return rest
}

// at notes how far the innermost comparison has come.
func (c *checker) at(oi, ei int) {
	fr := &c.frames[len(c.frames)-1]
	fr.oi, fr.ei = oi, ei
}

// matchStmt proves that two statements are equal but for batches in the
// lists inside of them.
func (c *checker) matchStmt(o, e ast.Stmt) {
	if c.same(o, e) {
		return
	}
	c.matchInner(o, e, nil)
	if !c.same(o, e) {
		c.orig.fail(o, "the statement %q is changed", c.orig.text(o))
	}
}

// same compares syntax, with lists that are proven equivalent as equal.
func (c *checker) same(o, e ast.Node) bool {
	p, q := printer{s: c.orig}, printer{s: c.edit, equal: c.equal, other: c.orig}
	p.node(o)
	q.node(e)
	return p.String() == q.String()
}

// matchInner proves that the statement lists inside of two nodes are
// equivalent, in pairs.
func (c *checker) matchInner(o, e ast.Node, b *batch) {
	x, y := innerLists(o, nil), innerLists(e, b)
	if len(x) != len(y) {
		return // the caller finds that they differ
	}
	for k := range x {
		o, e := x[k].node, y[k].node
		if c.same(o, e) {
			continue
		}
		if b != nil && b.inside(e) {
			c.matchInside(o, e, b)
			continue
		}
		switch o := o.(type) {
		case *ast.CaseClause:
			e, ok := e.(*ast.CaseClause)
			if !ok || !c.sameExprs(o.List, e.List) {
				return
			}
		case *ast.CommClause:
			e, ok := e.(*ast.CommClause)
			if !ok || !c.same(o.Comm, e.Comm) {
				return
			}
		case *ast.BlockStmt:
			if _, ok := e.(*ast.BlockStmt); !ok {
				return
			}
		}
		c.matchList(o, stmtsOf(o), stmtsOf(e), x[k].lit)
		c.equal[e] = o
	}
}

// matchInside does the same inside of a branch with results of the batch.
func (c *checker) matchInside(o, e ast.Node, b *batch) {
	x, y := stmtsOf(o), c.withoutRefill(stmtsOf(e))
	if len(x) != len(y) {
		c.edit.fail(e, "the number of statements is changed")
	}
	c.frames = append(c.frames, frame{orig: x, edit: y, owner: o})
	for i := range x {
		c.at(i, i)
		c.matchInner(x[i], y[i], b)
		if l, ok := x[i].(*ast.LabeledStmt); ok {
			c.orig.fail(l, "control may come from elsewhere to the label %s", l.Label.Name)
		}
	}
	c.frames = c.frames[:len(c.frames)-1]
}

// withoutRefill leaves out the code that fills the table of a strip-mined loop.
func (c *checker) withoutRefill(list []ast.Stmt) []ast.Stmt {
	for i, st := range list {
		if c.refill != nil && st == ast.Stmt(c.refill) {
			return slices.Concat(list[:i], list[i+1:])
		}
	}
	return list
}

func (c *checker) sameExprs(a, b []ast.Expr) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !c.same(a[i], b[i]) {
			return false
		}
	}
	return true
}

// inner is a node with a list of statements.
type inner struct {
	node ast.Node // *ast.BlockStmt, *ast.CaseClause, *ast.CommClause
	lit  bool     // the body of a function literal
}

// innerLists are the outermost nodes with statement lists inside of n, in
// source order. Calls that stand in for an entry are no part of the original.
func innerLists(n ast.Node, b *batch) []inner {
	var list []inner
	lits := map[*ast.BlockStmt]bool{}
	ast.Inspect(n, func(x ast.Node) bool {
		switch x := x.(type) {
		case *ast.FuncLit:
			lits[x.Body] = true
		case *ast.BlockStmt:
			if len(x.List) > 0 && isClause(x.List[0]) {
				return true
			}
			list = append(list, inner{x, lits[x]})
			return false
		case *ast.CaseClause, *ast.CommClause:
			list = append(list, inner{x, false})
			return false
		case *ast.CallExpr:
			return b == nil || b.access[x] == nil
		}
		return true
	})
	return list
}

func isClause(st ast.Stmt) bool {
	switch st.(type) {
	case *ast.CaseClause, *ast.CommClause:
		return true
	}
	return false
}

func stmtsOf(n ast.Node) []ast.Stmt {
	switch n := n.(type) {
	case *ast.BlockStmt:
		return n.List
	case *ast.CaseClause:
		return n.Body
	case *ast.CommClause:
		return n.Body
	}
	return nil
}
