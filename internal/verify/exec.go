// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// block executes statements, and reports whether the path has left them.
func (m *machine) block(list []ast.Stmt) bool {
	for _, st := range list {
		if m.stmt(st) {
			return true
		}
	}
	return false
}

// stmt executes a statement, and reports whether the path ends in it.
func (m *machine) stmt(st ast.Stmt) bool {
	if m.strip != nil && st == ast.Stmt(m.strip.t.refill) {
		m.refill()
		return false
	}
	if m.computes(st) {
		return false
	}
	switch st := st.(type) {
	case *ast.EmptyStmt:
		return false
	case *ast.ExprStmt:
		if e := ast.Unparen(st.X); m.special(e) {
			m.result(e.(*ast.CallExpr))
		} else {
			m.eval(e)
		}
		return false
	case *ast.AssignStmt:
		m.assign(st, st.Lhs, st.Rhs, st.Tok)
		return false
	case *ast.DeclStmt:
		if g, ok := st.Decl.(*ast.GenDecl); ok && g.Tok == token.VAR && len(g.Specs) == 1 {
			v := g.Specs[0].(*ast.ValueSpec)
			lhs := make([]ast.Expr, len(v.Names))
			for i, id := range v.Names {
				lhs[i] = id
			}
			m.assign(st, lhs, v.Values, token.DEFINE)
			return false
		}
	case *ast.SendStmt:
		if m.hasSpecial(st.Value) && !m.hasSpecial(st.Chan) {
			m.list(st.Chan, st.Value)
			m.other(st, "send ")
			return false
		}
	case *ast.BlockStmt:
		return m.block(st.List)
	case *ast.IfStmt:
		return m.branch(st)
	case *ast.SwitchStmt:
		return m.choose(st)
	case *ast.DeferStmt:
		if m.deferral(st) {
			return false
		}
	case *ast.ReturnStmt:
		m.list(st.Results...)
		m.leave(st)
		return true
	case *ast.BranchStmt:
		if m.strip != nil && m.c.continues(st, m.strip.h) {
			m.strip.cont = true
			return true
		}
		m.leave(st)
		return true
	case *ast.LabeledStmt:
		m.s.fail(st, "control may come from elsewhere to the label %s", st.Label.Name)
	}
	m.other(st, "")
	return false
}

// computes executes a statement that does nothing but compute, and reports
// whether it is one. What happens inside of it is one action.
func (m *machine) computes(st ast.Stmt) bool {
	switch st.(type) {
	case *ast.AssignStmt, *ast.IncDecStmt, *ast.DeclStmt, *ast.ExprStmt, *ast.IfStmt, *ast.SwitchStmt, *ast.BlockStmt, *ast.RangeStmt:
	default:
		return false
	}
	if m.hasSpecial(st) || m.decides(st) {
		return false
	}
	return m.computesAll(st)
}

// decides reports whether the outcome of calls may decide which way a
// statement takes: then the ways are followed one by one.
func (m *machine) decides(st ast.Stmt) bool {
	var conds []ast.Node
	switch st := st.(type) {
	case *ast.IfStmt:
		conds = append(conds, st.Cond)
		if e, ok := st.Else.(*ast.IfStmt); ok && m.decides(e) {
			return true
		}
	case *ast.SwitchStmt:
		if st.Tag != nil {
			conds = append(conds, st.Tag)
		}
		for _, cl := range st.Body.List {
			for _, e := range cl.(*ast.CaseClause).List {
				conds = append(conds, e)
			}
		}
	}
	found := false
	for _, c := range conds {
		ast.Inspect(c, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				found = found || m.known(id).part != nothing
			}
			return !found
		})
	}
	return found
}

// computesAll makes one action of a statement, if that only computes.
func (m *machine) computesAll(st ast.Stmt) bool {
	r := m.looker.silent(st)
	if r.opaque != "" {
		return false
	}
	m.emit(&action{kind: compute, label: "do " + m.label(st), text: m.s.text(st), node: st, reads: r.reads, writes: r.writes, panics: r.panics, spare: m.ahead})
	// What it follows it may follow on some ways only: nothing is learned but of
	// plain assignments.
	switch st.(type) {
	case *ast.AssignStmt, *ast.IncDecStmt, *ast.ExprStmt:
		m.learn(r)
	}
	for _, w := range r.writes {
		for name := range m.env {
			if m.f.mayAlias(w, loc{root: name}) {
				delete(m.env, name)
			}
		}
	}
	return true
}

// deferral executes a defer statement whose operands are evaluated without
// effect: it reads them, and adds to what happens when the function ends.
func (m *machine) deferral(st *ast.DeferStmt) bool {
	if m.hasSpecial(st.Call.Fun) {
		return false
	}
	var operands []ast.Expr
	switch fun := ast.Unparen(st.Call.Fun).(type) {
	case *ast.FuncLit: // captures variables, reads none
	case *ast.Ident, *ast.SelectorExpr:
		if m.s.function(st.Call) != nil {
			break
		}
		// A method with a pointer receiver, of a pointer variable: nil is no
		// panic here.
		sel, ok := fun.(*ast.SelectorExpr)
		if !ok || m.s.variable(sel.X) == nil || !isPointer(m.s.typeOf(sel.X)) {
			return false
		}
		fn, ok := m.s.object(sel.Sel).(*types.Func)
		if !ok || fn.Signature().Recv() == nil || !isPointer(fn.Signature().Recv().Type()) {
			return false
		}
		if s := m.s.Info.Selections[sel]; s == nil || len(s.Index()) != 1 {
			return false
		}
		operands = append(operands, sel.X)
	default:
		return false
	}
	x := &action{kind: evaluate, label: "defer " + m.label(st), text: m.s.text(st), node: st, writes: []loc{{root: deferred}}}
	for _, e := range append(operands, st.Call.Args...) {
		if m.s.Info.Types[e].Value != nil || m.s.Info.Types[e].IsNil() {
			continue
		}
		r := m.look(e)
		if r.opaque != "" || r.panics != "" {
			return false
		}
		x.reads = append(x.reads, r.reads...)
	}
	m.emit(x)
	return true
}

// deferred stands for the list of deferred calls. No pointer leads to it.
const deferred = "\x00deferred"

// leave ends the path.
func (m *machine) leave(n ast.Node) {
	m.emit(&action{kind: exit, label: "exit " + m.label(n), text: fmt.Sprintf("%q", m.s.text(n)), node: n})
}

// assign stores what the right side gives. A statement without system calls
// is other code.
func (m *machine) assign(st ast.Stmt, lhs, rhs []ast.Expr, tok token.Token) {
	special := false
	for _, r := range rhs {
		special = special || m.hasSpecial(r)
	}
	for _, l := range lhs {
		if m.hasSpecial(l) {
			m.s.fail(l, "a system call inside of %s is not modelled", m.s.text(l))
		}
	}
	if !special {
		m.other(st, "")
		return
	}
	if tok != token.ASSIGN && tok != token.DEFINE {
		m.s.fail(st, "a system call in the operation %s is not modelled", tok)
	}
	for _, l := range lhs {
		m.operand(l, "operand ")
	}
	var vals []value
	labels := make([]string, len(lhs))
	if len(rhs) == 1 && len(lhs) != 1 {
		e, ok := ast.Unparen(rhs[0]).(*ast.CallExpr)
		if !ok || !m.special(e) {
			m.s.fail(st, "the assignment %s is not modelled", m.s.text(st))
		}
		vals = m.result(e)
		if len(vals) != len(lhs) {
			m.s.fail(st, "the assignment %s is not modelled", m.s.text(st))
		}
		for i := range lhs {
			labels[i] = fmt.Sprintf("%s.%d", m.label(e), i)
		}
		if vals[len(vals)-1].part == rawPart && !blank(lhs[1]) {
			m.s.fail(st, "the second result of %s is not known of an entry", m.s.text(e.Fun))
		}
	} else {
		vals = m.list(rhs...)
		for i := range lhs {
			labels[i] = m.label(rhs[i])
		}
	}
	for i, l := range lhs {
		m.store(l, vals[i], labels[i])
	}
}

func blank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}

// operand reads what finding the place of an assignment reads.
func (m *machine) operand(l ast.Expr, tag string) {
	l = ast.Unparen(l)
	if _, ok := l.(*ast.Ident); ok {
		return
	}
	var r reading
	if x := m.mapElement(l); x != nil {
		r = m.look(x.X)
		r.add(m.look(x.Index))
		if r.panics != "" { // which happens before the call
			m.s.fail(l, "storing to %s is not modelled: %s", m.s.text(l), r.panics)
		}
	} else {
		_, r = m.place(l)
	}
	if r.opaque != "" {
		m.s.fail(l, "storing to %s is not modelled: %s", m.s.text(l), r.opaque)
	}
	m.emit(&action{kind: evaluate, label: tag + m.label(l), text: m.s.text(l), node: l, reads: r.reads})
}

// store stores one value.
func (m *machine) store(l ast.Expr, v value, label string) {
	if blank(l) {
		return
	}
	if m.mapElement(l) != nil {
		// The map may be nil, the key one that cannot be hashed: it keeps its place.
		m.emit(&action{kind: opaque, label: fmt.Sprintf("store %s = %s", m.label(l), label), text: "the assignment to " + m.s.text(l), node: l})
		return
	}
	at, r := m.place(ast.Unparen(l))
	if r.opaque != "" {
		m.s.fail(l, "storing to %s is not modelled: %s", m.s.text(l), r.opaque)
	}
	at.typ = m.s.typeOf(l)
	if w := m.s.variable(l); w != nil && m.c.unread(m.s, w) {
		m.env[at.root] = v // only calls need it, and know it otherwise
		return
	}
	m.emit(&action{kind: store, label: fmt.Sprintf("store %s = %s", m.label(l), label), text: "the assignment to " + m.s.text(l), node: l,
		reads: r.reads, writes: []loc{at}, panics: r.panics})
	m.learn(r)
	for name := range m.env {
		if m.f.mayAlias(at, loc{root: name}) {
			delete(m.env, name)
		}
	}
	if !at.mem && len(at.path) == 0 && v.part != nothing && m.holdsAs(l, v.part) {
		m.env[at.root] = v
	}
}

// mapElement is the operand if it is an element of a map, or nil.
func (m *machine) mapElement(l ast.Expr) *ast.IndexExpr {
	x, ok := ast.Unparen(l).(*ast.IndexExpr)
	if !ok {
		return nil
	}
	if _, ok := m.s.typeOf(x.X).Underlying().(*types.Map); !ok {
		return nil
	}
	return x
}

// unread reports whether a variable of the original is left out in the edited
// version, where nothing reads it.
func (c *checker) unread(s *side, v *types.Var) bool {
	name := s.names[v]
	return !s.edited && name != "" && c.edit.byName[name] == nil
}

// holdsAs reports whether l has the type of the part of a result that it
// receives: as a value of another type it compares differently.
func (m *machine) holdsAs(l ast.Expr, p part) bool {
	t := m.s.typeOf(l)
	if p == errPart {
		return types.Identical(t, types.Universe.Lookup("error").Type())
	}
	return !types.IsInterface(t)
}
