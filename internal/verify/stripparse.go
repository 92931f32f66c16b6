// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// stripAt reads a strip-mined loop whose declarations begin at list[i]. It
// returns nil if there is none, and the index of the loop.
func (c *checker) stripAt(list []ast.Stmt, i int) (*strip, int) {
	s := c.edit
	t := &strip{arrays: map[types.Object]*laneVar{}, batch: batch{keep: map[string]bool{}, access: map[*ast.CallExpr]*access{}}}
	var used []*ast.Ident
	n := 0
	for ; i < len(list); i++ {
		if as, ok := list[i].(*ast.AssignStmt); ok && as.Tok == token.DEFINE && len(as.Lhs) == 2 && len(as.Rhs) == 2 {
			a, b := as.Lhs[0].(*ast.Ident), as.Lhs[1].(*ast.Ident)
			if !c.isFresh(a) || !c.isFresh(b) || !s.zero(as.Rhs[0]) || !s.zero(as.Rhs[1]) || t.ops == nil {
				return nil, i
			}
			t.lane, t.lanes = s.Info.Defs[a], s.Info.Defs[b]
			used = append(used, a, b)
			i++
			break
		}
		id, obj := c.declared(list[i])
		if obj == nil {
			return nil, i
		}
		used = append(used, id)
		_, define := list[i].(*ast.AssignStmt)
		size, table := isTable(obj.Type())
		switch {
		case define && t.ops == nil && t.list == nil && t.arena == nil && !table:
			t.list, t.listExpr = obj, list[i].(*ast.AssignStmt).Rhs[0]
		case define:
			return nil, i
		case isRT(obj.Type(), "Arena") && t.arena == nil:
			t.arena = obj
		case table && t.ops == nil:
			t.ops, n, t.node = obj, size, list[i]
		case t.ops != nil:
			if _, ok := obj.Type().Underlying().(*types.Array); !ok {
				return nil, i
			}
			t.arrays[obj] = &laneVar{array: obj}
		default:
			return nil, i
		}
	}
	if t.lane == nil || i >= len(list) {
		return nil, i
	}
	t.loop = unlabelled(list[i])
	body := bodyOf(t.loop)
	if body == nil {
		return nil, i
	}
	ast.Inspect(body, func(n ast.Node) bool {
		if x, ok := n.(*ast.IfStmt); ok && s.fillsTable(x) {
			if id, ok := x.Init.(*ast.IncDecStmt).X.(*ast.Ident); ok && s.object(id) == t.lane {
				t.refill = x
			}
		}
		_, lit := n.(*ast.FuncLit)
		return !lit
	})
	if t.refill == nil {
		return nil, i
	}
	for _, id := range used {
		c.consumed[id] = true
	}
	c.parseRefill(t, n)
	return t, i
}

func unlabelled(st ast.Stmt) ast.Stmt {
	if l, ok := st.(*ast.LabeledStmt); ok {
		return l.Stmt
	}
	return st
}

func bodyOf(st ast.Stmt) *ast.BlockStmt {
	switch st := st.(type) {
	case *ast.ForStmt:
		return st.Body
	case *ast.RangeStmt:
		return st.Body
	}
	return nil
}

// isFresh reports whether an identifier declares a variable that the original
// does not have.
func (c *checker) isFresh(id *ast.Ident) bool {
	return id != nil && c.edit.Info.Defs[id] != nil && c.fresh[id.Name] == c.edit.Info.Defs[id]
}

// zero reports whether e is a constant zero.
func (s *side) zero(e ast.Expr) bool {
	n, ok := s.number(e)
	return ok && n == 0
}

// is reports whether e is the plain name of obj, which it accounts for.
func (c *checker) is(e ast.Expr, obj types.Object) bool {
	id, ok := e.(*ast.Ident)
	if !ok || obj == nil || c.edit.object(id) != obj {
		return false
	}
	c.consumed[id] = true
	return true
}

// slot returns k if e is ops[m*v+k], as the table of a strip is indexed.
func (c *checker) slot(t *strip, e ast.Expr, v types.Object, m int) int {
	x, ok := e.(*ast.IndexExpr)
	if !ok || !c.is(x.X, t.ops) {
		return -1
	}
	return c.multiple(x.Index, v, m)
}

// multiple returns k if e is m*v+k with 0 <= k < m, else -1.
func (c *checker) multiple(e ast.Expr, v types.Object, m int) int {
	if m == 1 {
		if c.is(e, v) {
			return 0
		}
		return -1
	}
	k := int64(0)
	if sum, ok := e.(*ast.BinaryExpr); ok && sum.Op == token.ADD {
		n, ok := c.edit.number(sum.Y)
		if !ok || n < 0 || n >= int64(m) {
			return -1
		}
		e, k = sum.X, n
	}
	prod, ok := e.(*ast.BinaryExpr)
	if !ok || prod.Op != token.MUL || !c.is(prod.Y, v) {
		return -1
	}
	if n, ok := c.edit.number(prod.X); !ok || n != int64(m) {
		return -1
	}
	return int(k)
}

// parseRefill reads the code that fills and runs the table of n entries.
func (c *checker) parseRefill(t *strip, n int) {
	s := c.edit
	list := t.refill.Body.List
	c.is(t.refill.Init.(*ast.IncDecStmt).X, t.lane)
	bad := func(at ast.Node, what string) { s.fail(at, "the code that fills the table has %s", what) }
	if len(list) < 3 {
		bad(t.refill, "too few statements")
	}
	// lane, lanes = 0, 0
	as, ok := list[0].(*ast.AssignStmt)
	if !ok || as.Tok != token.ASSIGN || len(as.Lhs) != 2 || len(as.Rhs) != 2 || !c.is(as.Lhs[0], t.lane) || !c.is(as.Lhs[1], t.lanes) || !s.zero(as.Rhs[0]) || !s.zero(as.Rhs[1]) {
		bad(list[0], "no fresh start")
	}
	list = list[1:]
	if t.arena != nil {
		if !c.resets(t, list[0]) {
			bad(list[0], "no fresh arena")
		}
		list = list[1:]
	}
	if len(list) != 2 {
		bad(t.refill, "more than it needs")
	}
	ahead := bodyOf(list[0])
	if ahead == nil || len(ahead.List) == 0 {
		bad(list[0], "no loop")
	}
	t.aheadLoop = list[0]
	c.parseLane(t, ahead.List)
	c.aims(&t.batch)
	m := len(t.entries)
	if m == 0 {
		bad(list[0], "no entries")
	}
	// A lane's entries jump to one another and to the next lane: the table is longer
	// than the one that is executed here.
	for k, x := range t.entries {
		if max(x.neg, x.zero, x.pos) > m-1-k {
			bad(x.call, "a jump past the next lane")
		}
	}
	// The condition: nothing left, or nothing that ran.
	or := t.refill.Cond.(*ast.BinaryExpr)
	left, ok := or.X.(*ast.BinaryExpr)
	if !ok || left.Op != token.GEQ || !c.is(left.X, t.lane) || !c.is(left.Y, t.lanes) {
		bad(or, "another condition")
	}
	ran := or.Y.(*ast.UnaryExpr).X.(*ast.CallExpr).Fun.(*ast.SelectorExpr)
	if c.slot(t, ran.X, t.lane, m) != 0 {
		bad(or, "another condition")
	}
	// Run(ops[:m*lanes])
	name, run := s.stmtCall(list[1])
	x, ok := (ast.Expr)(nil), false
	if name == "Run" && len(run.Args) == 1 {
		x, ok = run.Args[0], true
	}
	sl, isSlice := x.(*ast.SliceExpr)
	if !ok || !isSlice || sl.Low != nil || sl.Max != nil || !c.is(sl.X, t.ops) || c.multiple(sl.High, t.lanes, m) != 0 {
		bad(list[1], "no run of the lanes")
	}
	t.size = n / m
	if n%m != 0 || t.size < 2 {
		bad(t.node, "a table of the wrong size")
	}
	for obj := range t.arrays {
		if a := obj.Type().Underlying().(*types.Array); a.Len() < int64(t.size) {
			bad(posNode(obj.Pos()), "too few lanes in "+obj.Name())
		}
	}
}

// resets reports whether a statement is arena.Reset().
func (c *checker) resets(t *strip, st ast.Stmt) bool {
	x, ok := st.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := x.X.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Reset" && c.is(sel.X, t.arena)
}

// parseLane reads the body of the loop over the iterations to come: guards,
// gather code, entries, and the count of the lanes.
func (c *checker) parseLane(t *strip, list []ast.Stmt) {
	s := c.edit
	last := len(list) - 1
	if inc, ok := list[last].(*ast.IncDecStmt); !ok || inc.Tok != token.INC || !c.is(inc.X, t.lanes) {
		s.fail(list[last], "the lanes are not counted")
	}
	// How many entries a lane has must be known to read them.
	m := 0
	for _, st := range list {
		if as, ok := st.(*ast.AssignStmt); ok && len(as.Lhs) == 1 {
			if x, ok := as.Lhs[0].(*ast.IndexExpr); ok {
				if id, ok := x.X.(*ast.Ident); ok && s.object(id) == t.ops {
					m++
				}
			}
		}
	}
	for _, st := range list[:last] {
		t.ahead = append(t.ahead, c.lanePiece(t, st, m)...)
	}
}

func (c *checker) lanePiece(t *strip, st ast.Stmt, m int) []piece {
	s := c.edit
	switch st := st.(type) {
	case *ast.IfStmt:
		if st.Init == nil && st.Else == nil && len(st.Body.List) == 1 {
			b, ok := st.Body.List[0].(*ast.BranchStmt)
			switch {
			case ok && b.Tok == token.CONTINUE && b.Label == nil:
				return []piece{{stmt: st, skip: st.Cond, entry: -1}}
			case ok && b.Tok == token.BREAK && b.Label == nil:
				and, ok := st.Cond.(*ast.BinaryExpr)
				if ok && and.Op == token.LAND {
					if more, ok := and.X.(*ast.BinaryExpr); ok && more.Op == token.GTR && c.is(more.X, t.lanes) && s.zero(more.Y) {
						t.guards = append(t.guards, and.Y)
						return nil
					}
				}
				s.fail(st, "the guard %s is not modelled", s.text(st.Cond))
			}
		}
	case *ast.AssignStmt:
		if len(st.Lhs) != 1 || len(st.Rhs) != 1 {
			break
		}
		x, ok := st.Lhs[0].(*ast.IndexExpr)
		if !ok || st.Tok != token.ASSIGN {
			break
		}
		id, ok := x.X.(*ast.Ident)
		if !ok {
			break
		}
		obj := s.object(id)
		if v := t.arrays[obj]; v != nil {
			c.consumed[id] = true
			if !c.is(x.Index, t.lanes) {
				s.fail(st, "%s is not of this lane", s.text(x))
			}
			if w := s.variable(st.Rhs[0]); w != nil {
				v.value, v.local = true, w
				return []piece{{keep: v, entry: -1, stmt: st}}
			}
			if !s.zeroValue(st.Rhs[0]) {
				s.fail(st, "%s is not cleared", s.text(x))
			}
			return []piece{{zero: v, entry: -1, stmt: st}}
		}
		if obj != t.ops {
			break
		}
		if k := c.slot(t, x, t.lanes, m); k != len(t.entries) {
			s.fail(st, "the entries of a lane are not filled in order")
		}
		t.entries = append(t.entries, c.laneEntry(t, st.Rhs[0], m))
		return []piece{{entry: len(t.entries) - 1, stmt: st}}
	}
	return []piece{{stmt: st, entry: -1}}
}

// zeroValue reports whether e is the zero value of its type, written out.
func (s *side) zeroValue(e ast.Expr) bool {
	tv := s.Info.Types[e]
	if tv.IsNil() {
		return true
	}
	if tv.Value != nil {
		switch tv.Value.Kind() {
		case constant.Int, constant.Float:
			return constant.Sign(tv.Value) == 0
		case constant.String:
			return constant.StringVal(tv.Value) == ""
		case constant.Bool:
			return !constant.BoolVal(tv.Value)
		}
		return false
	}
	lit, ok := e.(*ast.CompositeLit)
	return ok && len(lit.Elts) == 0
}

// laneEntry reads an entry whose references are to others of its lane.
func (c *checker) laneEntry(t *strip, e ast.Expr, m int) entry {
	x := c.entryWith(e, t.arena, len(t.entries), func(a ast.Expr) int { return c.multiple(a, t.lanes, m) })
	if x.load != nil {
		ast.Inspect(x.load.src, func(n ast.Node) bool {
			if i, ok := n.(*ast.IndexExpr); ok {
				if id, ok := i.X.(*ast.Ident); ok && t.arrays[c.edit.object(id)] != nil && c.is(i.Index, t.lanes) {
					c.consumed[id] = true
				}
			}
			return true
		})
	}
	return x
}
