// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"

	"github.com/autobatch/autobatch/internal/effects"
)

// silence reads statements that do nothing but compute: what they read and
// write is known, they come to an end, and control comes to what follows. They
// are one action of a trace, whose inside is nobody's business.
type silence struct {
	*looker
	r      reading
	inner  int  // loops and switches inside of what is read
	loops  int  // loops alone: continue does not aim at a switch
	inLoop bool // continue may aim at the loop around: the statement ends the iteration
	body   bool // return is an end, too: the statements are a function's
}

// silent is what a statement does, opaque if it is not silent.
func (l *looker) silent(st ast.Stmt) reading {
	x := silence{looker: l}
	x.stmt(st)
	return x.r
}

func (x *silence) block(list []ast.Stmt) {
	for _, st := range list {
		x.stmt(st)
	}
}

func (x *silence) value(e ast.Expr) {
	if e != nil {
		x.r.add(x.look(e))
	}
}

func (x *silence) not(n ast.Node) {
	if x.r.opaque == "" {
		x.r.opaque = fmt.Sprintf("%s is not modelled", x.s.text(n))
	}
}

func (x *silence) stmt(st ast.Stmt) {
	switch st := st.(type) {
	case nil, *ast.EmptyStmt:
	case *ast.AssignStmt:
		x.assign(st)
	case *ast.IncDecStmt:
		x.value(st.X)
		x.store(st.X)
	case *ast.DeclStmt:
		if g, ok := st.Decl.(*ast.GenDecl); ok {
			for _, sp := range g.Specs {
				if v, ok := sp.(*ast.ValueSpec); ok && g.Tok == token.VAR {
					for _, e := range v.Values {
						x.value(e)
					}
					for _, id := range v.Names {
						x.store(id)
					}
				}
			}
		}
	case *ast.ExprStmt:
		x.call(st)
	case *ast.BlockStmt:
		x.block(st.List)
	case *ast.IfStmt:
		x.stmt(st.Init)
		x.value(st.Cond)
		all := x.looker
		for _, branch := range []ast.Stmt{st.Body, st.Else} {
			l := *all
			l.nonnil = maps.Clone(all.nonnil)
			l.compared(st.Cond, branch == ast.Stmt(st.Body), l.nonnil)
			x.looker = &l
			x.stmt(branch)
		}
		x.looker = all
	case *ast.SwitchStmt:
		x.choice(st)
	case *ast.RangeStmt:
		x.loop(st)
	case *ast.ReturnStmt:
		if !x.body {
			x.not(st)
		}
		for _, e := range st.Results {
			x.value(e)
		}
	case *ast.BranchStmt:
		ok := st.Label == nil && (st.Tok == token.BREAK && x.inner > 0 || st.Tok == token.CONTINUE && (x.loops > 0 || x.inLoop))
		if !ok && st.Tok != token.FALLTHROUGH {
			x.not(st)
		}
	default:
		x.not(st)
	}
}

func (x *silence) assign(st *ast.AssignStmt) {
	switch st.Tok {
	case token.ASSIGN, token.DEFINE:
		for _, e := range st.Rhs {
			if a, ok := ast.Unparen(e).(*ast.TypeAssertExpr); ok && a.Type != nil && len(st.Lhs) == 2 && len(st.Rhs) == 1 {
				x.value(a.X) // with the second value it does not panic
				continue
			}
			x.value(e)
		}
	default:
		op, ok := assignOps[st.Tok]
		if !ok {
			x.not(st)
			return
		}
		x.r.add(x.binary(&ast.BinaryExpr{X: st.Lhs[0], OpPos: st.TokPos, Op: op, Y: st.Rhs[0]}))
	}
	for _, l := range st.Lhs {
		x.store(l)
	}
}

var assignOps = map[token.Token]token.Token{
	token.ADD_ASSIGN: token.ADD, token.SUB_ASSIGN: token.SUB, token.MUL_ASSIGN: token.MUL, token.QUO_ASSIGN: token.QUO, token.REM_ASSIGN: token.REM,
	token.AND_ASSIGN: token.AND, token.OR_ASSIGN: token.OR, token.XOR_ASSIGN: token.XOR, token.AND_NOT_ASSIGN: token.AND_NOT,
	token.SHL_ASSIGN: token.SHL, token.SHR_ASSIGN: token.SHR,
}

// store adds a write to a place.
func (x *silence) store(l ast.Expr) {
	l = ast.Unparen(l)
	if blank(l) {
		return
	}
	if ix, ok := l.(*ast.IndexExpr); ok {
		if m, ok := x.s.typeOf(ix.X).Underlying().(*types.Map); ok {
			x.mapStore(ix, m)
			return
		}
	}
	at, r := x.place(l)
	x.r.add(r)
	at.typ = x.s.typeOf(l)
	x.r.writes = append(x.r.writes, at)
}

// mapStore is m[k] = v: of a map that is certainly there, if it was made in
// the function and its variable never gets another one.
func (x *silence) mapStore(ix *ast.IndexExpr, m *types.Map) {
	x.value(ix.X)
	x.value(ix.Index)
	v := x.s.variable(ix.X)
	switch {
	case v == nil || !x.f.madeMap[baseOf(x.s.name(v))] || !x.f.stable(x.s.name(v)):
		x.r.mayPanic("the map %s may be nil", x.s.text(ix.X))
	case !hashes(m.Key()):
		x.r.mayPanic("the key %s may be one that cannot be hashed", x.s.text(ix.Index))
	}
	x.r.writes = append(x.r.writes, x.content(ix.X))
}

// hashes reports whether every value of a type can be hashed.
func hashes(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Basic, *types.Pointer, *types.Chan:
		return true
	}
	return false
}

// content is the memory that a slice, map or string leads to, or an array's own.
func (l *looker) content(e ast.Expr) loc {
	t := l.s.typeOf(e)
	at := unknown
	if v := l.s.variable(e); v != nil {
		at = loc{root: l.s.name(v), mem: true, mapped: l.mayBeMapped(v)}
	}
	switch u := t.Underlying().(type) {
	case *types.Map:
		at.typ, at.mapped = t, false
	case *types.Slice:
		at.typ = u.Elem()
		at.path = []string{"[*]"}
		at.mapped = at.mapped && mappable(t)
	case *types.Array:
		at, _ = l.place(ast.Unparen(e))
		at.typ = u.Elem()
		at.path = append(at.path[:len(at.path):len(at.path)], "[*]")
	}
	return at
}

// call is a statement that consists of a call.
func (x *silence) call(st *ast.ExprStmt) {
	c, ok := ast.Unparen(st.X).(*ast.CallExpr)
	if !ok {
		x.not(st)
		return
	}
	id, ok := ast.Unparen(c.Fun).(*ast.Ident)
	if ok && x.s.Info.Types[c.Fun].IsBuiltin() {
		switch id.Name {
		case "copy":
			x.value(c.Args[0])
			x.value(c.Args[1])
			x.r.reads = append(x.r.reads, x.content(c.Args[1]))
			x.r.writes = append(x.r.writes, x.content(c.Args[0]))
			return
		case "delete":
			x.value(c.Args[0])
			x.value(c.Args[1])
			if m, ok := x.s.typeOf(c.Args[0]).Underlying().(*types.Map); !ok || !hashes(m.Key()) {
				x.r.mayPanic("the key %s may be one that cannot be hashed", x.s.text(c.Args[1]))
			}
			x.r.writes = append(x.r.writes, x.content(c.Args[0]))
			return
		}
	}
	if fn := x.s.function(c); fn != nil && effects.Prints(fn) && x.f.assume["prints"] {
		for _, a := range c.Args {
			x.value(a)
		}
		x.r.writes = append(x.r.writes, loc{root: output})
		return
	}
	x.value(c)
}

// output stands for what is written to standard output and standard error. No
// pointer leads to it.
const output = "\x00printed"

func (x *silence) choice(st *ast.SwitchStmt) {
	x.stmt(st.Init)
	x.value(st.Tag)
	x.inner++
	for _, cl := range st.Body.List {
		cl := cl.(*ast.CaseClause)
		for _, e := range cl.List {
			if st.Tag != nil {
				x.r.add(x.binary(&ast.BinaryExpr{X: st.Tag, OpPos: e.Pos(), Op: token.EQL, Y: e}))
			} else {
				x.value(e)
			}
		}
		x.block(cl.Body)
	}
	x.inner--
}

// loop is a loop that ends by itself: over what has a length that is known when
// it begins.
func (x *silence) loop(st *ast.RangeStmt) {
	x.value(st.X)
	switch u := x.s.typeOf(st.X).Underlying().(type) {
	case *types.Slice, *types.Array:
		if mayBeEmpty(u.(interface{ Elem() types.Type }).Elem()) {
			x.not(st)
		}
		if st.Value != nil {
			x.r.reads = append(x.r.reads, x.content(st.X))
		}
	case *types.Basic:
		// One that counts very far would never come to the calls behind it.
		n, constant := x.s.number(st.X)
		if u.Info()&types.IsString == 0 && !(constant && n <= 1<<12) {
			x.not(st)
		}
	default:
		x.not(st)
	}
	for _, e := range []ast.Expr{st.Key, st.Value} {
		if e != nil {
			x.store(e)
		}
	}
	x.inner++
	x.loops++
	x.block(st.Body.List)
	x.loops--
	x.inner--
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
