// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"github.com/autobatch/autobatch/internal/rtdecl"
)

// batch is a table of the edited version, with its Run.
type batch struct {
	ops     types.Object
	node    ast.Node
	n       int // length of the table
	entries []entry
	ordered bool            // filled one entry at a time
	keep    map[string]bool // variables that KeepAlive names
	access  map[*ast.CallExpr]*access
	last    int // the last statement of the region that uses the table
}

// entry is one entry of a table, with its jumps (-1 ends the batch).
type entry struct {
	call           *ast.CallExpr // of the constructor
	sys            *syscall
	neg, zero, pos int
	jumps          bool         // Jump said where to go: GoOn and its like do not count
	refs           map[int]int  // arguments that are the result of another entry
	loads          map[int]bool // arguments that are loaded
	preds          []ast.Expr   // conditions without which it is left out
	load           *loading     // it makes no call but loads an argument of another
}

// loading is what batchrt.Load does.
type loading struct {
	entry, arg int
	src        ast.Expr // without the &
}

// isRT reports whether t is batchrt's type of that name.
func isRT(t types.Type, name string) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == rtdecl.ImportPath
}

// isTable reports whether t is an array of entries, or a slice (n = -1).
func isTable(t types.Type) (n int, ok bool) {
	switch t := types.Unalias(t).(type) {
	case *types.Array:
		return int(t.Len()), isRT(t.Elem(), "Op")
	case *types.Slice:
		return -1, isRT(t.Elem(), "Op")
	}
	return 0, false
}

// runtimeCall returns the name of the function of batchrt that is called.
func (s *side) runtimeCall(e ast.Expr) (string, *ast.CallExpr) {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return "", nil
	}
	fn := s.function(call)
	if fn == nil || fn.Pkg().Path() != rtdecl.ImportPath {
		return "", nil
	}
	return fn.Name(), call
}

// declared is the one new variable that a statement declares, or nil.
func (c *checker) declared(st ast.Stmt) (*ast.Ident, types.Object) {
	var id *ast.Ident
	switch st := st.(type) {
	case *ast.DeclStmt:
		g, ok := st.Decl.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR || len(g.Specs) != 1 {
			return nil, nil
		}
		v := g.Specs[0].(*ast.ValueSpec)
		if len(v.Names) != 1 || len(v.Values) != 0 {
			return nil, nil
		}
		id = v.Names[0]
	case *ast.AssignStmt:
		if st.Tok != token.DEFINE || len(st.Lhs) != 1 || len(st.Rhs) != 1 {
			return nil, nil
		}
		id, _ = st.Lhs[0].(*ast.Ident)
	}
	if id == nil {
		return nil, nil
	}
	obj := c.edit.Info.Defs[id]
	if obj == nil || c.fresh[id.Name] != obj {
		return nil, nil
	}
	return id, obj
}

// header reads a batch that starts at list[i]. It returns nil if there is
// none, and the index of the statement after it.
func (c *checker) header(list []ast.Stmt, i int) (*batch, int) {
	s := c.edit
	id, obj := c.declared(list[i])
	if obj == nil {
		return nil, i
	}
	next := func() ast.Stmt {
		i++
		if i >= len(list) {
			s.fail(id, "the batch is not complete")
		}
		return list[i]
	}
	st := list[i]
	arena := types.Object(nil)
	if isRT(obj.Type(), "Arena") {
		c.consumed[id] = true
		arena = obj
		st = next()
		if id, obj = c.declared(st); obj == nil {
			s.fail(st, "a table must follow the arena")
		}
	}
	n, ok := isTable(obj.Type())
	if !ok {
		s.fail(id, "the new variable %s is not a table", id.Name)
	}
	c.consumed[id] = true
	b := &batch{ops: obj, node: st, n: n, keep: map[string]bool{}, access: map[*ast.CallExpr]*access{}}
	var elems []ast.Expr
	switch st := st.(type) {
	case *ast.AssignStmt:
		lit, ok := st.Rhs[0].(*ast.CompositeLit)
		if !ok {
			s.fail(st, "the table is not a literal")
		}
		elems = lit.Elts
		if n < 0 {
			b.n = len(elems)
		}
	case *ast.DeclStmt:
		b.ordered = true
		for k := range n {
			as, ok := next().(*ast.AssignStmt)
			if !ok || as.Tok != token.ASSIGN || len(as.Lhs) != 1 || len(as.Rhs) != 1 || c.element(b, as.Lhs[0]) != k {
				s.fail(list[i], "entry %d of the table is not filled in its turn", k)
			}
			elems = append(elems, as.Rhs[0])
		}
	}
	if len(elems) != b.n || b.n == 0 {
		s.fail(st, "the table does not list its entries")
	}
	for k, e := range elems {
		b.entries = append(b.entries, c.entry(e, arena, k))
	}
	c.aims(b)
	name, run := s.stmtCall(next())
	if name != "Run" || len(run.Args) != 1 || !c.wholeTable(b, run.Args[0]) {
		s.fail(list[i], "the table is not run")
	}
	for i++; i < len(list); i++ {
		name, call := s.stmtCall(list[i])
		if name != "KeepAlive" {
			break
		}
		v := s.variable(call.Args[0])
		if v == nil || s.names[v] == "" || c.fresh[v.Name()] != nil {
			s.fail(call, "KeepAlive must name a variable of the function")
		}
		b.keep[s.name(v)] = true
	}
	return b, i
}

// stmtCall is runtimeCall for a statement.
func (s *side) stmtCall(st ast.Stmt) (string, *ast.CallExpr) {
	x, ok := st.(*ast.ExprStmt)
	if !ok {
		return "", nil
	}
	return s.runtimeCall(x.X)
}

// element returns i if e is ops[i] with a constant i in range, else -1.
func (c *checker) element(b *batch, e ast.Expr) int {
	x, ok := e.(*ast.IndexExpr)
	if !ok {
		return -1
	}
	id, ok := x.X.(*ast.Ident)
	if !ok || c.edit.object(id) != b.ops {
		return -1
	}
	v := c.edit.Info.Types[x.Index].Value
	if v == nil {
		return -1
	}
	i, ok := constant.Int64Val(constant.ToInt(v))
	if !ok || i < 0 || i >= int64(b.n) {
		return -1
	}
	c.consumed[id] = true
	return int(i)
}

// wholeTable reports whether e is the table as a slice: ops, or ops[:] of an
// array.
func (c *checker) wholeTable(b *batch, e ast.Expr) bool {
	if n, _ := isTable(b.ops.Type()); n >= 0 {
		x, ok := e.(*ast.SliceExpr)
		if !ok || x.Low != nil || x.High != nil || x.Max != nil {
			return false
		}
		e = x.X
	}
	id, ok := e.(*ast.Ident)
	if !ok || c.edit.object(id) != b.ops {
		return false
	}
	c.consumed[id] = true
	return true
}

// entry reads one entry: a constructor's call and the jumps chained to it.
func (c *checker) entry(e ast.Expr, arena types.Object, k int) entry {
	return c.entryWith(e, arena, k, nil)
}

// entryWith is entry for tables in which numbers of entries are not constant:
// number makes one relative to the lane, or is -1 if it cannot.
func (c *checker) entryWith(e ast.Expr, arena types.Object, k int, number func(ast.Expr) int) entry {
	s := c.edit
	var chain []*ast.CallExpr
	for {
		call, ok := e.(*ast.CallExpr)
		if !ok {
			s.fail(e, "entry %d of the table is not a constructor's call", k)
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			s.fail(e, "entry %d of the table is not a constructor's call", k)
		}
		if m := s.Info.Selections[sel]; m != nil && isRT(m.Recv(), "Op") {
			chain = append(chain, call)
			e = sel.X
			continue
		}
		if name, _ := s.runtimeCall(call); name == "Load" && len(chain) == 0 {
			return entry{call: call, load: c.loading(call, number)}
		}
		if id, ok := sel.X.(*ast.Ident); ok && arena != nil && s.object(id) == arena {
			c.consumed[id] = true
		} else if fn := s.function(call); fn == nil {
			s.fail(e, "entry %d of the table is not a constructor's call", k)
		}
		x := entry{call: call, sys: s.entryCall(call, c.goarch), neg: -1}
		if x.sys == nil {
			s.fail(e, "%s is no constructor of a call that may be an entry", s.text(call.Fun))
		}
		for i := len(chain) - 1; i >= 0; i-- {
			c.jump(&x, chain[i], number)
		}
		return x
	}
}

// loading reads batchrt.Load(entry, arg, &field).
func (c *checker) loading(call *ast.CallExpr, number func(ast.Expr) int) *loading {
	bad := func() { c.edit.fail(call, "%s is not modelled", c.edit.text(call)) }
	if len(call.Args) != 3 {
		bad()
	}
	x := &loading{}
	if number != nil {
		x.entry = number(call.Args[0])
	} else if n, ok := c.edit.number(call.Args[0]); ok {
		x.entry = int(n)
	} else {
		bad()
	}
	arg, ok := c.edit.number(call.Args[1])
	addr, isAddr := call.Args[2].(*ast.UnaryExpr)
	if !ok || !isAddr || addr.Op != token.AND || x.entry < 0 {
		bad()
	}
	x.arg, x.src = int(arg), addr.X
	if !basic(c.edit.typeOf(x.src), types.IsInteger) {
		bad()
	}
	return x
}

// aims checks that loads go to later entries, to arguments that a number can be
// put into, which have a constant until then.
func (c *checker) aims(b *batch) {
	for i, x := range b.entries {
		if x.load == nil {
			continue
		}
		to := x.load.entry
		if to <= i || to >= len(b.entries) || b.entries[to].load != nil || b.entries[to].sys.raw || !b.entries[to].sys.takesInt(x.load.arg) {
			c.edit.fail(x.call, "%s aims at nothing", c.edit.text(x.call))
		}
		y := &b.entries[to]
		if c.edit.Info.Types[y.call.Args[x.load.arg]].Value == nil || y.refs[x.load.arg] > 0 || y.loads[x.load.arg] {
			c.edit.fail(x.call, "argument %d of %s is given twice", x.load.arg, y.sys.name)
		}
		if _, ref := y.refs[x.load.arg]; ref {
			c.edit.fail(x.call, "argument %d of %s is given twice", x.load.arg, y.sys.name)
		}
		p, ok := y.call.Fun.(*ast.SelectorExpr)
		if !ok {
			c.edit.fail(x.call, "%s aims at nothing", c.edit.text(x.call))
		}
		sig, _ := c.edit.typeOf(p).(*types.Signature)
		if sig == nil || !c.fits(x.load.src, sig.Params().At(x.load.arg).Type()) {
			c.edit.fail(x.call, "%s is wider than what it is for", c.edit.text(x.load.src))
		}
		if y.loads == nil {
			y.loads = map[int]bool{}
		}
		y.loads[x.load.arg] = true
		b.entries[to] = *y
	}
}

// fits reports whether a value keeps its number as one of the given type.
func (c *checker) fits(e ast.Expr, t types.Type) bool {
	sizes := types.SizesFor("gc", "amd64")
	return basic(t, types.IsInteger) && sizes.Sizeof(c.edit.typeOf(e).Underlying()) <= sizes.Sizeof(t.Underlying())
}

// jump applies one chained method to an entry.
func (c *checker) jump(x *entry, call *ast.CallExpr, number func(ast.Expr) int) {
	neg, zero, pos := x.neg, x.zero, x.pos
	switch name := call.Fun.(*ast.SelectorExpr).Sel.Name; name {
	case "GoOn":
		neg = 0
	case "StopOnSuccess":
		zero, pos = -1, -1
	case "StopOnZero":
		zero = -1
	case "StopOnPositive":
		pos = -1
	case "If":
		if len(call.Args) == 1 {
			x.preds = append(x.preds, call.Args[0])
		}
	case "FD", "Ref":
		c.refer(x, name, call, number)
	case "Jump":
		var to [3]int
		for i, a := range call.Args {
			v := c.edit.Info.Types[a].Value
			if v == nil {
				c.edit.fail(a, "the jump %s is not constant", c.edit.text(a))
			}
			n, _ := constant.Int64Val(constant.ToInt(v))
			to[i] = max(int(n), -1)
		}
		x.neg, x.zero, x.pos = to[0], to[1], to[2]
		x.jumps = true
	default:
		c.edit.fail(call, "entries with %s are not modelled", name)
	}
	if !x.jumps {
		x.neg, x.zero, x.pos = neg, zero, pos
	}
}

// refer reads a reference: an argument is the number that an earlier entry
// returns. What the constructor was given in its place must be a constant.
func (c *checker) refer(x *entry, name string, call *ast.CallExpr, number func(ast.Expr) int) {
	var n [2]int
	for i, a := range call.Args {
		if number != nil && i == len(call.Args)-1 {
			if n[1] = number(a); n[1] < 0 {
				c.edit.fail(a, "the reference %s is not to an entry of the lane", c.edit.text(a))
			}
			continue
		}
		v := c.edit.Info.Types[a].Value
		if v == nil {
			c.edit.fail(a, "the reference %s is not constant", c.edit.text(a))
		}
		k, _ := constant.Int64Val(constant.ToInt(v))
		n[2-len(call.Args)+i] = int(k)
	}
	arg, to := n[0], n[1]
	switch {
	case x.sys.raw || arg < 0 || arg >= len(x.call.Args) || !x.sys.takesInt(arg):
		c.edit.fail(call, "argument %d of %s cannot be a reference", arg, x.sys.name)
	case c.edit.Info.Types[x.call.Args[arg]].Value == nil:
		c.edit.fail(call, "argument %d of %s is given, and a reference too", arg, x.sys.name)
	case name == "FD" && !x.sys.row.InFirst(0):
		c.edit.fail(call, "argument 0 of %s is not in its first register", x.sys.name)
	}
	for _, g := range x.sys.row.Given {
		if g.Param == arg {
			c.edit.fail(call, "argument %d of %s must be a constant", arg, x.sys.name)
		}
	}
	if x.refs == nil {
		x.refs = map[int]int{}
	}
	if _, twice := x.refs[arg]; twice {
		c.edit.fail(call, "argument %d of %s is a reference twice", arg, x.sys.name)
	}
	x.refs[arg] = to
}

// takesInt reports whether parameter k is an int that goes to the kernel as
// it is, in a register of its own.
func (x *syscall) takesInt(k int) bool { return !x.raw && x.row.PlainRegister(k) }
