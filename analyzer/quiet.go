// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/autobatch/autobatch/internal/effects"
	"github.com/autobatch/autobatch/plan"
)

// doing is what a piece of silent code reads and writes.
type doing struct {
	node   ast.Node
	reads  []loc
	writes []loc
}

// ownDoing reports whether all of it is storage that nobody else sees and that
// no system call is given.
func (f *function) ownDoing(d *doing) bool {
	for _, l := range append(d.reads[:len(d.reads):len(d.reads)], d.writes...) {
		if !f.ownMemory(l) || f.isDestination(l.root) {
			return false
		}
	}
	return true
}

// silentWalk finds out whether executing statements could be told from
// executing them some calls earlier or later: they must not panic, come to
// their end soon, call nothing that is not known to be pure, and stay inside
// of the list that they stand in.
//
// Variants: assignments, also of several values and with an operation; ++ and
// --; declarations; append, copy, delete; writes to maps that are known not to
// be nil; if, switch and block statements of such; loops over strings, slices,
// arrays and integers; continue, where the list is a loop's.
//
// Restrictions: everything unlisted is refused.
type silentWalk struct {
	mover
	d       doing
	inner   int  // loops and switches inside of what is looked at
	loops   int  // loops alone: continue does not aim at a switch
	inLoop  bool // the list is the body of a loop that continue may aim at
	returns bool // the statements are a function's body
}

// silent is what executing s does, or why it is not silent. seen are
// expressions evaluated since the statement that the walk is at.
func (f *function) silentStmt(s ast.Stmt, seen []ast.Expr, inLoop bool) (*doing, *refusal) {
	w := &silentWalk{mover: mover{f: f, seen: seen, stays: true}, inLoop: inLoop, d: doing{node: s}}
	w.writes = &w.d.writes
	w.stmt(s)
	w.d.reads = w.loads
	return &w.d, w.bad
}

func (w *silentWalk) stmts(list []ast.Stmt) {
	for _, s := range list {
		w.stmt(s)
	}
}

func (w *silentWalk) stmt(s ast.Stmt) {
	if w.bad != nil || isNilNode(s) {
		return
	}
	switch s := s.(type) {
	case *ast.EmptyStmt:
	case *ast.AssignStmt:
		w.assign(s)
	case *ast.IncDecStmt:
		w.value(s.X)
		w.store(s.X)
	case *ast.DeclStmt:
		w.declare(s)
	case *ast.ExprStmt:
		w.expression(s)
	case *ast.BlockStmt:
		w.stmts(s.List)
	case *ast.IfStmt:
		w.stmt(s.Init)
		w.value(s.Cond)
		n := len(w.lefts)
		w.lefts = append(w.lefts, left{s.Cond, true})
		w.stmts(s.Body.List)
		w.lefts = append(w.lefts[:n], left{s.Cond, false})
		w.stmt(s.Else)
		w.lefts = w.lefts[:n]
	case *ast.SwitchStmt:
		w.switches(s)
	case *ast.RangeStmt:
		w.ranges(s)
	case *ast.ReturnStmt:
		if !w.returns {
			w.refuse(plan.Control, s, "%s leaves the statements", w.f.src(s))
			return
		}
		for _, r := range s.Results {
			w.value(r)
		}
	case *ast.BranchStmt:
		switch {
		case s.Label != nil:
		case s.Tok == token.BREAK && w.inner > 0:
			return
		case s.Tok == token.CONTINUE && (w.loops > 0 || w.inLoop):
			return
		}
		w.refuse(plan.Control, s, "%s leaves the statements", w.f.src(s))
	default:
		w.refuse(plan.Effect, s, "%s can be observed", w.f.header(s))
	}
}

func (w *silentWalk) assign(s *ast.AssignStmt) {
	if s.Tok != token.ASSIGN && s.Tok != token.DEFINE {
		// x op= y evaluates x op y.
		w.binary(&ast.BinaryExpr{X: s.Lhs[0], OpPos: s.TokPos, Op: operator[s.Tok], Y: s.Rhs[0]})
		w.store(s.Lhs[0])
		return
	}
	if len(s.Rhs) == 1 && len(s.Lhs) == 2 {
		// v, ok = m[k]: the plain form would do as well.
		w.pair(s.Rhs[0])
	} else if len(s.Rhs) == 1 && len(s.Lhs) > 1 {
		w.value(s.Rhs[0])
	} else {
		for _, r := range s.Rhs {
			w.value(r)
		}
	}
	for _, l := range s.Lhs {
		w.store(l)
	}
}

// operator gives the operation of an assignment with one.
var operator = map[token.Token]token.Token{
	token.ADD_ASSIGN: token.ADD, token.SUB_ASSIGN: token.SUB, token.MUL_ASSIGN: token.MUL, token.QUO_ASSIGN: token.QUO, token.REM_ASSIGN: token.REM,
	token.AND_ASSIGN: token.AND, token.OR_ASSIGN: token.OR, token.XOR_ASSIGN: token.XOR, token.SHL_ASSIGN: token.SHL, token.SHR_ASSIGN: token.SHR,
	token.AND_NOT_ASSIGN: token.AND_NOT,
}

// pair visits an expression of which a second value is asked for.
func (w *silentWalk) pair(e ast.Expr) {
	switch x := ast.Unparen(e).(type) {
	case *ast.TypeAssertExpr: // which then does not panic
		if x.Type != nil {
			w.names(x.Type)
			w.value(x.X)
			return
		}
	}
	w.value(e)
}

// store notes a write to l, whose place must not panic.
func (w *silentWalk) store(l ast.Expr) {
	if w.bad != nil || isBlank(l) {
		return
	}
	if x, ok := ast.Unparen(l).(*ast.IndexExpr); ok {
		if _, ok := types.Unalias(w.f.pass.TypesInfo.TypeOf(x.X)).Underlying().(*types.Map); ok {
			w.mapStore(x)
			return
		}
	}
	if id, ok := ast.Unparen(l).(*ast.Ident); ok && w.f.pass.TypesInfo.Defs[id] != nil {
		w.d.writes = append(w.d.writes, w.f.locOf(l))
		return
	}
	if w.place(l) {
		w.d.writes = append(w.d.writes, w.f.locOf(l))
	} else if w.bad.reason == plan.Panic {
		w.bad.text = "storing to " + w.f.src(l) + " may panic"
	}
}

// mapStore allows m[k] = v for a map that was made in the function and is
// never set to another one, and keys that can be hashed.
func (w *silentWalk) mapStore(x *ast.IndexExpr) {
	id, ok := ast.Unparen(x.X).(*ast.Ident)
	v, isVar := w.f.pass.TypesInfo.ObjectOf(id).(*types.Var)
	if !ok || !isVar || !w.f.vars.steady(v) || !w.f.vars.made[v] {
		w.refuse(plan.Panic, x, "storing to %s may panic: %s is not known to be a map that was made", w.f.src(x), w.f.src(x.X))
		return
	}
	w.key(x)
	w.load(id)
	w.d.writes = append(w.d.writes, loc{root: v, deref: true, typ: w.f.pass.TypesInfo.TypeOf(x.X), expr: x})
}

func (w *silentWalk) declare(s *ast.DeclStmt) {
	d, ok := s.Decl.(*ast.GenDecl)
	if !ok {
		return
	}
	for _, spec := range d.Specs {
		vs, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		for _, v := range vs.Values {
			w.value(v)
		}
		for _, n := range vs.Names {
			if n.Name != "_" && d.Tok == token.VAR {
				w.d.writes = append(w.d.writes, w.f.locOf(n))
			}
		}
	}
}

// expression allows copy and delete, and pure calls whose result is dropped.
func (w *silentWalk) expression(s *ast.ExprStmt) {
	c, ok := ast.Unparen(s.X).(*ast.CallExpr)
	if !ok {
		w.refuse(plan.Effect, s, "%s can be observed", w.f.src(s))
		return
	}
	info := w.f.pass.TypesInfo
	if id, ok := ast.Unparen(c.Fun).(*ast.Ident); ok {
		if b, ok := info.Uses[id].(*types.Builtin); ok {
			switch b.Name() {
			case "copy":
				w.value(c.Args[0])
				w.value(c.Args[1])
				w.loads = append(w.loads, w.f.behind(c.Args[1]))
				w.d.writes = append(w.d.writes, w.f.behind(c.Args[0]))
				return
			case "delete":
				if w.key(&ast.IndexExpr{X: c.Args[0], Lbrack: c.Lparen, Index: c.Args[1], Rbrack: c.Rparen}) {
					w.value(c.Args[0])
					w.d.writes = append(w.d.writes, w.f.behind(c.Args[0]))
				}
				return
			}
		}
	}
	if effects.Prints(callee(info, c)) && w.f.relax("prints") {
		for _, a := range c.Args {
			w.value(a)
		}
		return
	}
	w.value(c)
}

func (w *silentWalk) switches(s *ast.SwitchStmt) {
	w.stmt(s.Init)
	if s.Tag != nil {
		w.value(s.Tag)
	}
	w.inner++
	for _, cl := range s.Body.List {
		c := cl.(*ast.CaseClause)
		for _, e := range c.List {
			if s.Tag != nil {
				w.comparable(s.Tag, e, e)
			}
			w.value(e)
		}
		for _, st := range c.Body {
			if b, ok := st.(*ast.BranchStmt); ok && b.Tok == token.FALLTHROUGH {
				continue
			}
			w.stmt(st)
		}
	}
	w.inner--
}

// maxCount is how often a loop may come round that counts: one that nearly never
// ends would keep the calls behind it from being made.
const maxCount = 1 << 12

// ranges allows loops that come to an end by themselves, and soon.
func (w *silentWalk) ranges(s *ast.RangeStmt) {
	switch u := types.Unalias(w.f.pass.TypesInfo.TypeOf(s.X)).Underlying().(type) {
	case *types.Slice, *types.Array:
		if mayBeEmpty(elemType(u)) {
			w.refuse(plan.Effect, s, "the loop over %s may take long", w.f.src(s.X))
		}
		w.value(s.X)
		if s.Value != nil {
			w.loads = append(w.loads, w.f.behind(s.X))
		}
	case *types.Basic:
		n, constant := constInt(w.f.pass.TypesInfo, s.X)
		if u.Info()&types.IsString == 0 && !(constant && n <= maxCount) {
			w.refuse(plan.Effect, s, "the loop over %s may take long", w.f.src(s.X))
		}
		w.value(s.X)
	default:
		w.refuse(plan.Effect, s, "the loop over %s is not known to end", w.f.src(s.X))
		return
	}
	for _, e := range []ast.Expr{s.Key, s.Value} {
		if e != nil {
			w.store(e)
		}
	}
	w.inner++
	w.loops++
	w.stmts(s.Body.List)
	w.loops--
	w.inner--
}

// behind is the memory that a slice or map leads to, or an array's own.
func (f *function) behind(e ast.Expr) loc {
	t := f.pass.TypesInfo.TypeOf(e)
	l := loc{}
	switch types.Unalias(t).Underlying().(type) {
	case *types.Array:
		l = f.place(e)
		l.typ = elemType(t)
	case *types.Map:
		l = f.place(e).follow()
		l.typ = t
	default:
		l, _ = f.memoryOf(e)
		l.typ = elemType(t)
	}
	l.expr = e
	return l
}

// mayBeEmpty reports whether a value of the type may take no memory: then nothing
// limits how many there are.
func mayBeEmpty(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return true
	default:
		switch u := t.Underlying().(type) {
		case *types.Struct:
			for i := range u.NumFields() {
				if !mayBeEmpty(u.Field(i).Type()) {
					return false
				}
			}
			return true
		case *types.Array:
			return u.Len() == 0 || mayBeEmpty(u.Elem())
		}
	}
	return false
}
