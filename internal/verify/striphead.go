// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"go/ast"
	"go/token"
	"go/types"
	"go/version"
)

// loopKind is the form of a loop.
type loopKind uint8

const (
	elements loopKind = iota // range over a slice, an array, or a pointer to one
	integers                 // range over an integer
	counting                 // for i := a; cond; i++
)

// head is what a strip-mined loop and its original have in common.
type head struct {
	kind  loopKind
	orig  ast.Stmt   // the original loop, without its label
	label string     // of both
	over  ast.Expr   // what the original ranges over
	key   string     // name of the index
	value *types.Var // the original's element; nil if it has no name
	kept  bool       // the edited loop still has the element
	read  bool       // the code that fills a lane reads the element
}

// loopHead compares the heads of the original loop o and the edited one, and of
// the loop that looks ahead.
func (c *checker) loopHead(t *strip, o, e ast.Stmt) *head {
	h := &head{orig: unlabelled(o)}
	ol, olabelled := o.(*ast.LabeledStmt)
	el, elabelled := e.(*ast.LabeledStmt)
	if olabelled != elabelled || olabelled && ol.Label.Name != el.Label.Name {
		c.edit.fail(e, "the loop's label is changed")
	}
	if olabelled {
		h.label = ol.Label.Name
	}
	c.ownVariables(o)
	switch x := h.orig.(type) {
	case *ast.RangeStmt:
		y, ok := t.loop.(*ast.RangeStmt)
		if !ok {
			c.edit.fail(e, "the loop is changed")
		}
		c.rangeHead(t, h, x, y)
	case *ast.ForStmt:
		y, ok := t.loop.(*ast.ForStmt)
		if !ok || t.list != nil || !c.same(x.Init, y.Init) || !c.same(x.Cond, y.Cond) || !c.same(x.Post, y.Post) {
			c.edit.fail(e, "the loop's head is changed")
		}
		c.countedHead(t, h, x, y)
	default:
		c.orig.fail(o, "%q is not a loop", c.orig.text(o))
	}
	c.aheadHead(t, h)
	return h
}

// ownVariables checks that each iteration has its own loop variables.
func (c *checker) ownVariables(o ast.Stmt) {
	if c.orig.sharesLoopVariables(o.Pos()) {
		c.orig.fail(o, "in files for a Go before 1.22 iterations share the loop's variables")
	}
}

// sharesLoopVariables reports whether the file is for a Go in which the iterations
// of a loop have the same variables.
func (s *side) sharesLoopVariables(at token.Pos) bool {
	v := s.Pkg.GoVersion()
	for _, f := range s.Files {
		if f.FileStart <= at && at < f.FileEnd && s.Info.FileVersions[f] != "" {
			v = s.Info.FileVersions[f]
		}
	}
	return version.Compare(v, "go1.22") < 0
}

func (c *checker) rangeHead(t *strip, h *head, x, y *ast.RangeStmt) {
	f, s := c.facts, c.orig
	if x.Tok == token.ASSIGN || y.Tok != token.DEFINE {
		s.fail(x, "the loop assigns to variables from outside")
	}
	k := c.edit.variable(y.Key)
	if k == nil {
		c.edit.fail(y, "the loop's index has no name")
	}
	t.key, h.key = k, c.edit.name(k)
	if v := s.variable(x.Key); v != nil {
		if s.name(v) != h.key {
			c.edit.fail(y, "the loop's index is changed")
		}
	} else if !c.isFresh(y.Key.(*ast.Ident)) {
		c.edit.fail(y, "the loop's index hides another variable")
	}
	c.is(y.Key, k)
	h.value = s.variable(x.Value)
	if v := c.edit.variable(y.Value); v != nil {
		if h.value == nil || s.name(h.value) != c.edit.name(v) {
			c.edit.fail(y, "the loop's element is changed")
		}
		h.kept = true
	}
	for _, v := range []*types.Var{s.variable(x.Key), h.value} {
		if v != nil && (!f.stable(s.name(v)) || f.captured(s.name(v))) {
			s.fail(x, "the loop's variable %s is changed or shared", v.Name())
		}
	}
	h.over = x.X
	switch u := s.typeOf(x.X).Underlying().(type) {
	case *types.Slice, *types.Array:
		h.kind = elements
	case *types.Pointer:
		h.kind = elements
		// Where only its length is needed it is not evaluated, and may be nil;
		// otherwise it panics right at the beginning.
		if p := s.variable(x.X); p == nil || t.list != nil || h.value != nil && !c.notNil()[s.name(p)] {
			s.fail(x, "%s may be nil", s.text(x.X))
		}
	case *types.Basic:
		if u.Info()&types.IsInteger == 0 {
			s.fail(x, "a loop over a string is not modelled")
		}
		h.kind = integers
	default:
		s.fail(x, "a loop over %s is not modelled", s.text(x.X))
	}
	if t.list != nil {
		if !c.is(y.X, t.list) || !c.same(x.X, t.listExpr) {
			c.edit.fail(y, "what is ranged over is changed")
		}
		if _, array := s.typeOf(x.X).Underlying().(*types.Array); array {
			s.fail(x, "a loop over a copy of an array is not modelled")
		}
		return
	}
	if !c.same(x.X, y.X) {
		c.edit.fail(y, "what is ranged over is changed")
	}
	if s.Info.Types[x.X].Value != nil {
		return
	}
	v := s.variable(x.X)
	if v == nil || f.shared(s.name(v)) || f.captured(s.name(v)) || c.assignedIn(s, x)[s.name(v)] {
		s.fail(x, "%s may change while the loop runs", s.text(x.X))
	}
}

func (c *checker) countedHead(t *strip, h *head, x, y *ast.ForStmt) {
	s := c.orig
	h.kind = counting
	init, ok := x.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE || len(init.Lhs) != 1 || x.Cond == nil {
		s.fail(x, "the loop's head is not modelled")
	}
	v := s.variable(init.Lhs[0])
	if v == nil || !basic(v.Type(), types.IsInteger) {
		s.fail(x, "the loop's head is not modelled")
	}
	name := s.name(v)
	switch p := x.Post.(type) {
	case *ast.IncDecStmt:
		ok = p.Tok == token.INC && s.variable(p.X) == v
	case *ast.AssignStmt:
		n, constant := s.number(p.Rhs[0])
		ok = p.Tok == token.ADD_ASSIGN && s.variable(p.Lhs[0]) == v && constant && n > 0
	default:
		ok = false
	}
	if !ok || c.facts.taken(name) || c.facts.captured(name) || c.facts.results[name] || c.facts.writes(name) != 1 {
		s.fail(x, "the loop's variable %s is changed or shared", v.Name())
	}
	h.key = name
	t.key = c.edit.variable(y.Init.(*ast.AssignStmt).Lhs[0])
}

// aheadHead checks that the loop which fills the lanes goes over this
// iteration and those to come, in order, and over no more than there are lanes.
func (c *checker) aheadHead(t *strip, h *head) {
	skips := false
	for _, p := range t.ahead {
		skips = skips || p.skip != nil
	}
	ok := false
	switch l := t.aheadLoop.(type) {
	case *ast.RangeStmt:
		// for _, v := range x[i:min(i+n, len(x))]
		part, isSlice := l.X.(*ast.SliceExpr)
		v := c.edit.variable(l.Value)
		ok = h.kind == elements && l.Tok == token.DEFINE && isSlice && blank(l.Key) && v != nil && h.value != nil && c.edit.name(v) == c.orig.name(h.value) &&
			!part.Slice3 && c.isOver(t, h, part.X) && c.is(part.Low, t.key) &&
			(part.High == nil && c.allFit(t, h) || part.High != nil && c.isEnd(t, h, part.High))
		h.read = true
	case *ast.ForStmt:
		ok = c.aheadFor(t, h, l, skips)
	}
	if !ok {
		c.edit.fail(t.refill, "the loop over the iterations to come is not modelled")
	}
}

// isOver reports whether e is what the loop ranges over.
func (c *checker) isOver(t *strip, h *head, e ast.Expr) bool {
	if t.list != nil {
		return c.is(e, t.list)
	}
	return c.same(h.over, e)
}

// builtin returns the arguments if e is a call of the builtin function.
func (s *side) builtin(e ast.Expr, name string) []ast.Expr {
	call, ok := e.(*ast.CallExpr)
	if !ok || !s.Info.Types[call.Fun].IsBuiltin() {
		return nil
	}
	if id, ok := call.Fun.(*ast.Ident); !ok || id.Name != name {
		return nil
	}
	return call.Args
}

// isPlus reports whether e is v + n with a constant n.
func (c *checker) isPlus(e ast.Expr, v types.Object) (int64, bool) {
	b, ok := e.(*ast.BinaryExpr)
	if !ok || b.Op != token.ADD || !c.is(b.X, v) {
		return 0, false
	}
	return c.edit.number(b.Y)
}

// fits reports whether n iterations have lanes.
func (t *strip) fits(n int64) bool { return n >= 1 && n <= int64(t.size) }

// isEnd reports whether e is min(i+n, len(x)).
func (c *checker) isEnd(t *strip, h *head, e ast.Expr) bool {
	args := c.edit.builtin(e, "min")
	if len(args) != 2 {
		return false
	}
	n, ok := c.isPlus(args[0], t.key)
	of := c.edit.builtin(args[1], "len")
	return ok && t.fits(n) && len(of) == 1 && c.isOver(t, h, of[0])
}

func (c *checker) aheadFor(t *strip, h *head, l *ast.ForStmt, skips bool) bool {
	s := c.edit
	init, ok := l.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE || len(init.Lhs) != len(init.Rhs) || len(init.Lhs) > 2 || !c.is(init.Rhs[0], t.key) {
		return false
	}
	i := s.variable(init.Lhs[0])
	if i == nil || s.name(i) != h.key {
		return false
	}
	c.is(init.Lhs[0], i)
	cond, ok := l.Cond.(*ast.BinaryExpr)
	if !ok {
		return false
	}
	if len(init.Lhs) == 1 && c.allFit(t, h) && c.aheadWhole(t, h, l, cond, i) {
		return true
	}
	if h.kind != counting {
		// for i, end := i, …; i < end; i++
		if len(init.Lhs) != 2 {
			return false
		}
		end := s.variable(init.Lhs[1])
		inc, ok := l.Post.(*ast.IncDecStmt)
		if !ok || inc.Tok != token.INC || !c.is(inc.X, i) || cond.Op != token.LSS || !c.is(cond.X, i) || !c.isFresh(init.Lhs[1].(*ast.Ident)) || !c.is(cond.Y, end) {
			return false
		}
		c.is(init.Lhs[1], end)
		if h.kind == elements {
			return c.isEnd(t, h, init.Rhs[1])
		}
		// i + min(n, x-i)
		sum, ok := init.Rhs[1].(*ast.BinaryExpr)
		if !ok || sum.Op != token.ADD || !c.is(sum.X, t.key) {
			return false
		}
		args := s.builtin(sum.Y, "min")
		if len(args) != 2 {
			return false
		}
		n, ok := s.number(args[0])
		rest, isBinary := args[1].(*ast.BinaryExpr)
		return ok && t.fits(n) && isBinary && rest.Op == token.SUB && c.isOver(t, h, rest.X) && c.is(rest.Y, t.key)
	}
	of := h.orig.(*ast.ForStmt)
	and := cond
	if and.Op != token.LAND {
		return false
	}
	limit, ok := and.X.(*ast.BinaryExpr)
	if !ok || limit.Op != token.LSS {
		return false
	}
	n, ok := s.number(limit.Y)
	if !ok || !t.fits(n) || !c.same(of.Cond, ast.Unparen(and.Y)) && !c.same(of.Cond, and.Y) {
		return false
	}
	if len(init.Lhs) == 1 {
		// for i := i; lanes < n && cond; i++
		return !skips && c.is(limit.X, t.lanes) && c.same(of.Post, l.Post)
	}
	// for i, ahead := i, 0; ahead < n && cond; i, ahead = i+1, ahead+1
	ahead := s.variable(init.Lhs[1])
	post, ok := l.Post.(*ast.AssignStmt)
	if !ok || !s.zero(init.Rhs[1]) || !c.isFresh(init.Lhs[1].(*ast.Ident)) || !c.is(limit.X, ahead) || post.Tok != token.ASSIGN || len(post.Lhs) != 2 || len(post.Rhs) != 2 {
		return false
	}
	c.is(init.Lhs[1], ahead)
	step := int64(1)
	if p, ok := of.Post.(*ast.AssignStmt); ok {
		step, _ = c.orig.number(p.Rhs[0])
	}
	a, ok1 := c.isPlus(post.Rhs[0], i)
	b, ok2 := c.isPlus(post.Rhs[1], ahead)
	return ok1 && ok2 && a == step && b == 1 && c.is(post.Lhs[0], i) && c.is(post.Lhs[1], ahead)
}
