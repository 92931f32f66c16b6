// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// paired is a statement of the original's body with what the edited one has in
// its place.
type paired struct {
	o, e ast.Stmt // e is nil if there is nothing
	lane *laneVar // e takes the variable that o declares from its lane
}

// align pairs the statements of the bodies. What only gathered what the calls
// need may be gone; a variable of which each lane has its own is taken from the
// lane, at its place or right behind the code that fills the table.
func (c *checker) align(t *strip, h *head, list, edited []ast.Stmt) (pairs []paired, refill int) {
	calls := c.batched(t, list, edited)
	c.ownOfLanes(t)
	c.gatherCopies(t, h, list, calls)
	c.laneOrigins(t, list, calls)
	j := 0
	refill = -1
	next := func() ast.Stmt {
		if j < len(edited) {
			return edited[j]
		}
		return nil
	}
	passRefill := func() {
		if next() != ast.Stmt(t.refill) {
			return
		}
		j++
		refill = len(pairs)
		for {
			v := c.laneRead(t, next())
			if v == nil || v.value || v.read != nil {
				return
			}
			passed := false
			for _, p := range pairs {
				passed = passed || p.o == v.orig
			}
			if !passed {
				return
			}
			v.read = next()
			pairs = append(pairs, paired{nil, next(), v})
			j++
		}
	}
	for _, o := range list {
		passRefill()
		v := c.laneRead(t, next())
		switch {
		case v != nil && v.orig == o && v.read == nil:
			v.read = next()
			pairs = append(pairs, paired{o, next(), v})
			j++
		case c.declaresLane(t, o):
			pairs = append(pairs, paired{o: o})
		case c.gathers(t, o) && (next() == nil || !c.same(o, next())):
			pairs = append(pairs, paired{o: o})
		case next() == nil:
			c.orig.fail(o, "the statement %q is lost", c.orig.text(o))
		default:
			pairs = append(pairs, paired{o: o, e: next()})
			j++
		}
	}
	passRefill()
	if refill < 0 {
		for k, p := range pairs {
			if p.e != nil && p.e.Pos() <= t.refill.Pos() && t.refill.End() <= p.e.End() {
				refill, t.within = k, p.e
			}
		}
	}
	if j < len(edited) {
		c.edit.fail(edited[j], "the statement %q is new", c.edit.text(edited[j]))
	}
	return pairs, refill
}

// laneRead is the variable that `v := array[lane]` takes from its lane, or nil.
func (c *checker) laneRead(t *strip, st ast.Stmt) *laneVar {
	as, ok := st.(*ast.AssignStmt)
	if !ok || as.Tok != token.DEFINE || len(as.Lhs) != 1 || len(as.Rhs) != 1 {
		return nil
	}
	x, ok := as.Rhs[0].(*ast.IndexExpr)
	if !ok {
		return nil
	}
	id, ok := x.X.(*ast.Ident)
	if !ok {
		return nil
	}
	v := t.arrays[c.edit.object(id)]
	w := c.edit.variable(as.Lhs[0])
	if v == nil || w == nil || !c.is(x.Index, t.lane) {
		return nil
	}
	c.consumed[id] = true
	if v.name == "" {
		v.name = c.edit.name(w)
	}
	if v.name != c.edit.name(w) {
		c.edit.fail(st, "%s is not what the lane holds", w.Name())
	}
	if !types.Identical(w.Type(), v.array.Type().Underlying().(*types.Array).Elem()) {
		c.edit.fail(st, "%s has another type than its lane", w.Name())
	}
	return v
}

func (c *checker) declaresLane(t *strip, o ast.Stmt) bool {
	for _, v := range t.arrays {
		if v.orig == o && !v.value {
			return true
		}
	}
	return false
}

func (c *checker) gathers(t *strip, o ast.Stmt) bool {
	for _, p := range t.ahead {
		if p.orig == o && p.skip == nil {
			return true
		}
	}
	return false
}

// gatherCopies finds of each piece of gather code what it is a copy of.
func (c *checker) gatherCopies(t *strip, h *head, list []ast.Stmt, calls []*ast.CallExpr) {
	at := 0
	for k := range t.ahead {
		p := &t.ahead[k]
		if p.entry >= 0 || p.zero != nil || p.keep != nil {
			continue
		}
		if p.skip == nil && c.readsElement(t, h, p.stmt) {
			if k != 0 || h.read {
				c.edit.fail(p.stmt, "the element is read twice")
			}
			h.read = true
			continue
		}
		found := false
		for ; at < len(list) && !found; at++ {
			if p.skip == nil {
				found = c.same(list[at], p.stmt)
			} else if x, ok := list[at].(*ast.IfStmt); ok && x.Init == nil && len(x.Body.List) > 0 {
				b, isBranch := x.Body.List[len(x.Body.List)-1].(*ast.BranchStmt)
				found = isBranch && x.Else == nil && c.continues(b, h) && c.same(x.Cond, p.skip)
				outside := func(call *ast.CallExpr) bool { return call.Pos() < x.Pos() || x.End() <= call.Pos() }
				if !found && !slices.ContainsFunc(calls, outside) {
					found = c.opposed(x.Cond, p.skip) // the calls are in the branch
				}
			}
			if found {
				p.orig = list[at]
			}
		}
		if !found {
			c.edit.fail(p.stmt, "%q is nothing that the original's iteration does", c.edit.text(p.stmt))
		}
	}
}

// opposed reports whether a condition of the edited version holds where one of
// the original does not.
func (c *checker) opposed(o, e ast.Expr) bool {
	p, q := printer{s: c.orig}, printer{s: c.edit}
	a, na := c.orig.bare(o)
	b, nb := c.edit.bare(e)
	p.node(a)
	q.node(b)
	return p.String() == q.String() && na != nb
}

// ownOfLanes checks that the code for iterations to come does not name this
// iteration's own index and element, which have the same names as theirs.
func (c *checker) ownOfLanes(t *strip) {
	var element types.Object
	if r, ok := t.loop.(*ast.RangeStmt); ok {
		if v := c.edit.variable(r.Value); v != nil {
			element = v
		}
	}
	ast.Inspect(bodyOf(t.aheadLoop), func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if obj := c.edit.object(id); obj != nil && (obj == t.key || obj == element) {
				c.edit.fail(id, "%s is of this iteration, not of those to come", id.Name)
			}
		}
		return true
	})
}

// readsElement reports whether a statement is `v := x[i]`, which the range
// clause does otherwise.
func (c *checker) readsElement(t *strip, h *head, st ast.Stmt) bool {
	as, ok := st.(*ast.AssignStmt)
	if !ok || h.kind != elements || as.Tok != token.DEFINE || len(as.Lhs) != 1 || len(as.Rhs) != 1 || h.value == nil {
		return false
	}
	v := c.edit.variable(as.Lhs[0])
	x, ok := as.Rhs[0].(*ast.IndexExpr)
	if !ok || v == nil || c.edit.name(v) != c.orig.name(h.value) {
		return false
	}
	i := c.edit.variable(x.Index)
	return i != nil && c.edit.name(i) == h.key && c.isOver(t, h, x.X)
}

// continues reports whether a branch ends the iteration of the loop.
func (c *checker) continues(b *ast.BranchStmt, h *head) bool {
	return b.Tok == token.CONTINUE && (b.Label == nil || b.Label.Name == h.label)
}

// laneOrigins finds the declarations in the original of the variables of which
// each lane has its own.
func (c *checker) laneOrigins(t *strip, list []ast.Stmt, calls []*ast.CallExpr) {
	for _, v := range t.arrays {
		if v.local != nil {
			v.name = c.edit.name(v.local)
			for _, p := range t.ahead {
				if p.orig == nil || p.skip != nil {
					continue
				}
				if as, ok := p.stmt.(*ast.AssignStmt); ok && as.Tok == token.DEFINE && len(as.Lhs) == 1 && c.edit.variable(as.Lhs[0]) == v.local {
					v.orig = p.orig
				}
			}
			if v.orig == nil {
				c.edit.fail(posNode(v.array.Pos()), "%s does not hold gathered values", v.array.Name())
			}
		}
	}
	// Which variable an array stands for: the one that the original's call is
	// given at the same place.
	if len(calls) != t.made() {
		c.edit.fail(t.refill, "a lane has %d entries, and the iteration makes %d calls", t.made(), len(calls))
	}
	k := -1
	for _, x := range t.entries {
		if x.load != nil {
			continue
		}
		k++
		for i, a := range x.call.Args {
			v := c.arrayIn(t, a)
			if v == nil || i >= len(calls[k].Args) {
				continue
			}
			w := c.orig.variable(wholeOf(calls[k].Args[i]))
			if w == nil {
				c.edit.fail(a, "%s stands for %s", c.edit.text(a), c.orig.text(calls[k].Args[i]))
			}
			name := c.orig.name(w)
			if v.name != "" && v.name != name {
				c.edit.fail(a, "%s stands for two variables", v.array.Name())
			}
			v.name = name
		}
	}
	for _, v := range t.arrays {
		if v.local != nil {
			continue
		}
		for _, st := range list {
			if w := c.zeroDeclared(st); w != nil && c.orig.name(w) == v.name {
				if typeKey(w.Type()) != typeKey(v.array.Type().Underlying().(*types.Array).Elem()) {
					c.edit.fail(posNode(v.array.Pos()), "%s has another type than %s", v.array.Name(), w.Name())
				}
				if f := c.facts; f.taken(v.name) || f.captured(v.name) || f.deferred[v.name] {
					c.orig.fail(st, "%s is shared", w.Name())
				}
				v.orig = st
			}
		}
		if v.orig == nil {
			c.edit.fail(posNode(v.array.Pos()), "%s stands for no variable of the iteration", v.array.Name())
		}
	}
}

// batched are the system calls of an iteration in whose place the edited version
// asks for a result. Other calls stay: handlers make some.
func (c *checker) batched(t *strip, list, edited []ast.Stmt) []*ast.CallExpr {
	var stands []bool // of each call of the edited version, that it is a result
	for _, st := range edited {
		ast.Inspect(st, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.IfStmt:
				return n != t.refill
			case *ast.CallExpr:
				sel, ok := n.Fun.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if m := c.edit.Info.Selections[sel]; m != nil && isRT(m.Recv(), "Op") {
					stands = append(stands, true)
					return false // with the call that stands in for it
				}
				if c.edit.syscall(n, c.goarch) != nil {
					stands = append(stands, false)
				}
			}
			return true
		})
	}
	var calls []*ast.CallExpr
	k := 0
	for _, st := range list {
		for _, call := range c.callsIn(st) {
			if k < len(stands) && stands[k] {
				calls = append(calls, call)
			}
			k++
		}
	}
	if k != len(stands) {
		c.edit.fail(t.refill, "the iteration makes %d calls, and %d in the original", len(stands), k)
	}
	return calls
}

// made is how many entries make calls.
func (b *batch) made() int {
	n := 0
	for _, x := range b.entries {
		if x.load == nil {
			n++
		}
	}
	return n
}

// callsIn are the system calls that a statement makes, function literals
// aside.
func (c *checker) callsIn(st ast.Stmt) []*ast.CallExpr {
	var calls []*ast.CallExpr
	ast.Inspect(st, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if c.orig.syscall(n, c.goarch) != nil {
				calls = append(calls, n)
			}
		}
		return true
	})
	return calls
}

// wholeOf is v of &v and of v[:].
func wholeOf(e ast.Expr) ast.Expr {
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return e.X
		}
	case *ast.SliceExpr:
		if e.Low == nil && e.High == nil && e.Max == nil {
			return e.X
		}
	}
	return nil
}

// arrayIn is the lane variable that an argument is the address or the whole of:
// &vs[lanes] or vs[lanes][:].
func (c *checker) arrayIn(t *strip, a ast.Expr) *laneVar {
	x, ok := wholeOf(a).(*ast.IndexExpr)
	if !ok {
		return nil
	}
	id, ok := x.X.(*ast.Ident)
	if !ok {
		return nil
	}
	v := t.arrays[c.edit.object(id)]
	if v != nil && c.is(x.Index, t.lanes) {
		c.consumed[id] = true
		return v
	}
	return nil
}

// zeroDeclared is the variable that a statement declares with its zero value:
// `var v T` or `v := T{}`.
func (c *checker) zeroDeclared(st ast.Stmt) *types.Var {
	switch st := st.(type) {
	case *ast.DeclStmt:
		if isVar(st) {
			if vs := st.Decl.(*ast.GenDecl).Specs[0].(*ast.ValueSpec); len(vs.Names) == 1 {
				return c.orig.variable(vs.Names[0])
			}
		}
	case *ast.AssignStmt:
		if st.Tok == token.DEFINE && len(st.Lhs) == 1 && len(st.Rhs) == 1 {
			if _, ok := st.Rhs[0].(*ast.CompositeLit); ok && c.orig.zeroValue(st.Rhs[0]) {
				switch c.orig.typeOf(st.Rhs[0]).Underlying().(type) {
				case *types.Struct, *types.Array:
					return c.orig.variable(st.Lhs[0])
				}
			}
		}
	}
	return nil
}
