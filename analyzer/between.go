// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/autobatch/autobatch/internal/effects"
	"github.com/autobatch/autobatch/plan"
)

// between is a statement between two calls that does not end the batch.
type between struct {
	stmt  ast.Stmt
	do    *doing // nil for a deferred call
	after int    // how many steps stand before it
	moved bool   // it moves before the table
	decl  bool   // it declares variables without a value, and moves in any case
	names []types.Object
	inner bool // it stands under a condition
	guard bool // only its condition counts: it is not entered, or what is inside is looked at by itself

	copies bool // gather code of a loop that is costly to execute twice
}

// declaredBy are the variables that a statement declares for those after it.
func (f *function) declaredBy(s ast.Stmt) []types.Object {
	var names []types.Object
	note := func(id *ast.Ident) {
		if obj := f.pass.TypesInfo.Defs[id]; obj != nil {
			names = append(names, obj)
		}
	}
	switch s := s.(type) {
	case *ast.AssignStmt:
		for _, l := range s.Lhs {
			if id, ok := l.(*ast.Ident); ok {
				note(id)
			}
		}
	case *ast.DeclStmt:
		if d, ok := s.Decl.(*ast.GenDecl); ok {
			for _, spec := range d.Specs {
				if vs, ok := spec.(*ast.ValueSpec); ok {
					for _, id := range vs.Names {
						note(id)
					}
				}
			}
		}
	}
	return names
}

// needs marks the statements between the calls that must move because the
// expressions need variables that they declare or write. It returns those that
// did not move before.
func (f *function) needs(gaps []*between, exprs []ast.Expr) []*between {
	need := map[types.Object]bool{}
	for _, e := range exprs {
		f.mentions(e, need)
	}
	var list []*between
	for i := len(gaps) - 1; i >= 0; i-- {
		b := gaps[i]
		if b.moved || b.do == nil || b.guard {
			continue
		}
		wanted := false
		for _, obj := range b.names {
			wanted = wanted || need[obj]
		}
		for _, w := range b.do.writes {
			if w.root != nil && !w.deref && need[w.root] {
				for _, d := range gaps { // only what was declared between the calls
					for _, obj := range d.names {
						wanted = wanted || obj == w.root
					}
				}
			}
		}
		if wanted {
			list = append(list, b)
			f.mentions(b.stmt, need)
		}
	}
	return list
}

// mentions adds the variables that occur in n.
func (f *function) mentions(n ast.Node, to map[types.Object]bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v, ok := f.pass.TypesInfo.Uses[id].(*types.Var); ok && !v.IsField() {
				to[v] = true
			}
		}
		return true
	})
}

// moves checks that the statement b between the calls of g may be executed
// before the table: it is a silent one that writes nothing but variables
// declared between the calls, which nothing in front of it mentions.
//
// Restrictions: if a handler in front of it may go on to what stands behind it,
// the statement reads nothing but variables that keep their value.
func (f *function) moves(g *group, gaps []*between, b *between) *refusal {
	if b.inner {
		return refuse(plan.Data, b.stmt, "an argument needs %s, which is executed under a condition", f.src(b.stmt))
	}
	if f.hasGoto {
		return refuse(plan.Control, b.stmt, "%s cannot move: the function has a goto", f.src(b.stmt))
	}
	for _, a := range g.steps[0].call.expr.Args {
		if f.callsSomething(a) {
			return refuse(plan.Effect, b.stmt, "%s is executed behind %s", f.src(b.stmt), f.src(a))
		}
	}
	switch b.stmt.(type) {
	case *ast.AssignStmt, *ast.DeclStmt, *ast.IfStmt, *ast.SwitchStmt, *ast.IncDecStmt:
	default:
		return refuse(plan.Between, b.stmt, "%s stands between the calls", f.src(b.stmt))
	}
	declared := map[types.Object]bool{}
	for _, d := range gaps {
		for _, obj := range d.names {
			declared[obj] = true
		}
	}
	names := map[string]bool{}
	for _, obj := range b.names {
		names[obj.Name()] = true
	}
	for _, w := range b.do.writes {
		if w.root == nil || w.deref || !declared[w.root] || !f.vars.private(w.root) {
			return refuse(plan.Data, b.stmt, "%s changes more than later arguments need", f.src(b.stmt))
		}
		names[w.root.Name()] = true
	}
	// New variables only: := that assigns to an old one would move that, too.
	if as, ok := b.stmt.(*ast.AssignStmt); ok && as.Tok == token.DEFINE {
		for _, l := range as.Lhs {
			if id, ok := l.(*ast.Ident); ok && id.Name != "_" && f.pass.TypesInfo.Defs[id] == nil && !declared[f.pass.TypesInfo.Uses[id]] {
				return refuse(plan.Data, l, "%s is assigned to in %s", id.Name, f.src(b.stmt))
			}
		}
	}
	moved := map[ast.Stmt]bool{}
	for _, d := range gaps {
		moved[d.stmt] = d.moved
	}
	for _, st := range g.list[g.first:] {
		if st == b.stmt {
			break
		}
		if moved[st] {
			continue
		}
		var clash *ast.Ident
		ast.Inspect(st, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && names[id.Name] {
				clash = id
			}
			return clash == nil
		})
		if clash != nil {
			return refuse(plan.Data, b.stmt, "%s, which %s sets, occurs in front of it", clash.Name, f.src(b.stmt))
		}
	}
	if id, s := f.usesResult(g.steps[:b.after], b.stmt); id != nil {
		return refuse(plan.Data, id, "%s needs the result of %s", id.Name, s.call.fn.Name)
	}
	w := &silentWalk{mover: mover{f: f, seen: f.argsBefore(g, 0)}}
	w.writes = &w.d.writes
	for _, obj := range b.names {
		f.moved[obj] = true
	}
	w.stmt(b.stmt)
	if w.bad != nil {
		return w.bad
	}
	for _, s := range g.steps[:b.after] {
		if s.falls && !f.lasting(w.loads) {
			return refuse(plan.Data, b.stmt, "%s depends on what is done when %s fails", f.src(b.stmt), s.call.fn.Name)
		}
	}
	for _, l := range w.loads {
		for _, s := range g.steps[:b.after] {
			if bad := f.loadOver(l, s, l.node(b.stmt)); bad != nil {
				return bad
			}
		}
		for _, d := range gaps {
			if d == b {
				break
			}
			if d.moved || d.do == nil {
				continue
			}
			if bad := f.loadOverCode(l, d.do, l.node(b.stmt)); bad != nil {
				return bad
			}
		}
	}
	return nil
}

// usesResult finds a variable in n that received a result of one of the steps.
func (f *function) usesResult(steps []*step, n ast.Node) (id *ast.Ident, s *step) {
	for _, st := range steps {
		for _, r := range st.results {
			v, ok := ast.Unparen(r).(*ast.Ident)
			if !ok || v.Name == "_" {
				continue
			}
			obj := f.pass.TypesInfo.ObjectOf(v)
			ast.Inspect(n, func(n ast.Node) bool {
				if x, ok := n.(*ast.Ident); ok && id == nil && f.pass.TypesInfo.Uses[x] == obj {
					id, s = x, st
				}
				return id == nil
			})
		}
	}
	return id, s
}

// lasting reports whether the locations are variables of the function's own that
// keep their value once they have it.
func (f *function) lasting(list []loc) bool {
	for _, l := range list {
		if !f.own(l) || !f.vars.steady(l.root) {
			return false
		}
	}
	return true
}

// node is where the location is named, for messages.
func (l loc) node(or ast.Node) ast.Node {
	if l.expr != nil {
		return l.expr
	}
	return or
}

// loadOverCode checks a load that moves up over silent code.
func (f *function) loadOverCode(l loc, d *doing, at ast.Node) *refusal {
	for _, w := range d.writes {
		if f.mayAlias(l, w) {
			return refuse(plan.Data, at, "%s may be changed by %s", f.src(at), f.src(d.node))
		}
	}
	return nil
}

// crosses checks that the silent code d may stay behind the call t (rules
// data, alias, sync and block).
func (f *function) crosses(d *doing, t *step) *refusal {
	for i, p := range t.call.fn.Params {
		if p.Dir == effects.NoMem || p.Copied() {
			continue
		}
		m, ok := f.memoryOf(t.call.expr.Args[i])
		if !ok {
			continue
		}
		for _, l := range d.reads {
			if p.Dir&effects.Out != 0 && f.mayAlias(l, m) {
				return refuse(plan.Data, l.node(d.node), "%s is read before %s, which may change it", f.src(l.node(d.node)), t.call.fn.Name)
			}
		}
		for _, l := range d.writes {
			if f.mayAlias(l, m) {
				return refuse(plan.Data, l.node(d.node), "%s is written before %s uses it", f.src(l.node(d.node)), t.call.fn.Name)
			}
		}
	}
	for _, l := range d.reads {
		if bad := f.fileLoad(l, t, l.node(d.node)); bad != nil {
			return bad
		}
	}
	for _, l := range d.writes {
		if bad := f.fileStore(l, t, l.node(d.node)); bad != nil {
			return bad
		}
	}
	for _, l := range append(d.reads[:len(d.reads):len(d.reads)], d.writes...) {
		if t.call.fn.Sync == effects.NoSync && !t.call.fn.Blocks || !f.others(l) {
			continue
		}
		if t.call.fn.Sync&effects.Release != 0 {
			return refuse(plan.Sync, l.node(d.node), "others can see %s, and %s can wake them", f.src(l.node(d.node)), t.call.fn.Name)
		}
		if t.call.fn.Blocks || t.call.fn.Sync != effects.NoSync {
			return refuse(plan.Block, l.node(d.node), "others can see %s, and %s may wait for them", f.src(l.node(d.node)), t.call.fn.Name)
		}
	}
	return nil
}

// silentDefer reports whether executing the defer statement does nothing that
// could be told from doing it a few calls later.
func (f *function) silentDefer(s *ast.DeferStmt) bool {
	switch fun := ast.Unparen(s.Call.Fun).(type) {
	case *ast.FuncLit:
	case *ast.Ident, *ast.SelectorExpr:
		fn := callee(f.pass.TypesInfo, s.Call)
		if fn == nil {
			return false
		}
		if recv := fn.Signature().Recv(); recv != nil {
			sel, ok := fun.(*ast.SelectorExpr)
			if !ok {
				return false
			}
			// The receiver is a pointer variable of the function's own.
			id, ok := ast.Unparen(sel.X).(*ast.Ident)
			if !ok || !f.silent(id) {
				return false
			}
			if s := f.pass.TypesInfo.Selections[sel]; s == nil || len(s.Index()) != 1 {
				return false
			}
			_, ptrRecv := recv.Type().(*types.Pointer)
			_, ptrVar := types.Unalias(f.pass.TypesInfo.TypeOf(id)).Underlying().(*types.Pointer)
			if !ptrRecv || !ptrVar {
				return false
			}
		}
	default:
		return false
	}
	for _, a := range s.Call.Args {
		if f.pass.TypesInfo.Types[a].Value == nil && !f.silent(a) {
			return false
		}
	}
	return true
}

// silent reports whether e is a variable that nobody else writes.
func (f *function) silent(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := f.pass.TypesInfo.Uses[id].(*types.Var)
	return ok && f.own(loc{root: v}) && !f.isDestination(v)
}

// hoistable reports whether a declaration may move before the group.
func (f *function) hoistable(g *group, s *ast.DeclStmt) bool {
	d, ok := s.Decl.(*ast.GenDecl)
	if !ok || d.Tok != token.VAR || d.Doc != nil || len(d.Specs) != 1 || f.hasGoto {
		return false
	}
	vs := d.Specs[0].(*ast.ValueSpec)
	if len(vs.Values) > 0 || vs.Type == nil || vs.Doc != nil || vs.Comment != nil || f.file.commented(s) {
		return false
	}
	if _, param := types.Unalias(f.pass.TypesInfo.TypeOf(vs.Type)).(*types.TypeParam); param {
		return false
	}
	declares := map[string]bool{}
	for _, n := range vs.Names {
		declares[n.Name] = true
	}
	// The type and the statements passed must not mean something else.
	clash := false
	for _, st := range g.list[g.first:] {
		if st == ast.Stmt(s) {
			break
		}
		ast.Inspect(st, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && declares[id.Name] {
				clash = true
			}
			return !clash
		})
	}
	ast.Inspect(vs.Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && (declares[id.Name] || f.local(id)) {
			clash = true
		}
		return !clash
	})
	return !clash
}

// local reports whether a name in a type is declared inside the function: it
// may be declared between the calls.
func (f *function) local(id *ast.Ident) bool {
	obj := f.pass.TypesInfo.Uses[id]
	return obj != nil && obj.Pkg() == f.pass.Pkg && obj.Parent() != f.pass.Pkg.Scope() && !isField(obj) && !isPkgName(obj)
}

func isField(obj types.Object) bool { v, ok := obj.(*types.Var); return ok && v.IsField() }

func isPkgName(obj types.Object) bool { _, ok := obj.(*types.PkgName); return ok }

// commented reports whether a comment stands on the lines of n, or right above.
func (s *fileState) commented(n ast.Node) bool {
	tok := s.pass.Fset.File(s.syntax.FileStart)
	from, to := tok.Line(n.Pos()), tok.Line(n.End())
	for _, g := range s.syntax.Comments {
		if a, b := tok.Line(g.Pos()), tok.Line(g.End()); b >= from-1 && a <= to {
			return true
		}
	}
	return false
}

// withComments is where the text of a statement begins and ends if the comments
// right above it, and behind it on its last line, count.
func (s *fileState) withComments(st ast.Stmt) (from, to token.Pos) {
	tok := s.pass.Fset.File(s.syntax.FileStart)
	from, to = st.Pos(), st.End()
	alone := func(g *ast.CommentGroup) bool { // nothing stands before it on its line
		o := tok.Offset(g.Pos())
		for o > 0 && (s.content[o-1] == ' ' || s.content[o-1] == '\t') {
			o--
		}
		return o == 0 || s.content[o-1] == '\n'
	}
	for _, g := range s.syntax.Comments {
		switch {
		case tok.Line(g.End()) == tok.Line(st.Pos())-1 && alone(g):
			from = g.Pos()
		case g.Pos() >= st.End() && tok.Line(g.Pos()) == tok.Line(st.End()) && g.End() > to:
			if len(strings.TrimSpace(string(s.text(to, g.Pos())))) == 0 {
				to = g.End()
			}
		}
	}
	return from, to
}
