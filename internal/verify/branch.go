// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"go/ast"
	"go/token"
	"go/types"
)

// branch executes an if statement.
func (m *machine) branch(st *ast.IfStmt) bool {
	if st.Init != nil && m.stmt(st.Init) {
		return true
	}
	if m.c.tests(m.s, st.Cond) && m.c.governs(st) {
		m.conditionAhead(st.Cond)
	}
	if m.truth(st.Cond) {
		if m.c.inner[st.Body] {
			return m.block(st.Body.List)
		}
		return m.handler(st.Body, st.Body.List, false)
	}
	if m.s.leaves(st.Body.List, false) {
		m.compared(st.Cond, false, m.nonnil)
	}
	switch e := st.Else.(type) {
	case *ast.IfStmt:
		return m.branch(e)
	case *ast.BlockStmt:
		if m.c.inner[e] {
			return m.block(e.List)
		}
		return m.handler(e, e.List, false)
	}
	return false
}

// tests reports whether the original's condition is one that entries are under.
func (c *checker) tests(s *side, e ast.Expr) bool {
	if s.edited || len(c.early) == 0 {
		return false
	}
	p := printer{s: s}
	x, _ := s.bare(e)
	p.node(x)
	return c.early[baseText(p.String())]
}

// governs reports whether the condition may decide if an entry's call is made:
// it stands in a branch, or a branch may leave what the call is part of.
func (c *checker) governs(st *ast.IfStmt) bool {
	for _, b := range []ast.Stmt{st.Body, st.Else} {
		if isNilNode(b) {
			continue
		}
		if c.inner[b] {
			return true
		}
		leaves := false
		ast.Inspect(b, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ReturnStmt, *ast.BranchStmt, *ast.LabeledStmt:
				leaves = true
			case ast.Stmt:
				leaves = leaves || c.orig.leaving(n)
			}
			return !leaves
		})
		if leaves {
			return true
		}
	}
	return false
}

// choose executes an expression switch.
func (m *machine) choose(st *ast.SwitchStmt) bool {
	if st.Init != nil && m.stmt(st.Init) {
		return true
	}
	var tag value
	if st.Tag != nil {
		tag = m.eval(st.Tag)
	}
	for _, cl := range st.Body.List {
		for _, e := range cl.(*ast.CaseClause).List {
			if m.hasSpecial(e) {
				m.s.fail(e, "a system call in a case is not modelled")
			}
			if m.isCase(st.Tag, e, tag) {
				return m.clause(cl.(*ast.CaseClause))
			}
		}
	}
	for _, cl := range st.Body.List {
		if cl := cl.(*ast.CaseClause); cl.List == nil {
			return m.clause(cl)
		}
	}
	return false
}

func (m *machine) isCase(tag, e ast.Expr, v value) bool {
	if tag == nil {
		return m.truth(e)
	}
	x := m.eval(e)
	label, text := m.label(tag)+" is case "+m.label(e), m.s.text(tag)+" == "+m.s.text(e)
	const plain = types.IsBoolean | types.IsNumeric | types.IsString
	quiet := basic(m.s.typeOf(tag), plain) && basic(m.s.typeOf(e), plain)
	if v.part == nothing && m.s.Info.Types[e].Value == nil && !quiet {
		// The comparison itself may panic.
		m.emit(&action{kind: opaque, label: "compare " + label, text: text, node: e})
	}
	return m.compare(token.EQL, tag, e, v, x, label, text)
}

func (m *machine) clause(cl *ast.CaseClause) bool {
	for _, st := range cl.Body {
		if b, ok := st.(*ast.BranchStmt); ok && b.Tok == token.FALLTHROUGH {
			m.s.fail(b, "fallthrough is not modelled")
		}
	}
	list := cl.Body
	if n := len(list); n > 0 {
		// The break at the end of a clause goes where it would go without.
		if b, ok := list[n-1].(*ast.BranchStmt); ok && b.Tok == token.BREAK && b.Label == nil {
			list = list[:n-1]
		}
	}
	return m.handler(cl, list, true)
}

// handler executes the body of a check: other code, after which control goes
// on or not.
func (m *machine) handler(n ast.Node, list []ast.Stmt, breaks bool) bool {
	if len(list) == 0 {
		return false
	}
	rest := list
	last, _ := list[len(list)-1].(*ast.BranchStmt)
	ends := m.strip != nil && last != nil && m.c.continues(last, m.strip.h)
	if ends {
		rest = list[:len(list)-1]
	}
	if m.silentList(rest) {
		for _, st := range rest {
			m.computesAll(st)
		}
		if ends {
			m.strip.cont = true
		}
		return ends
	}
	m.other(n, "")
	leaves := m.s.leaves(list, breaks)
	if m.strip != nil && m.mayContinue(list) {
		label := m.label(n)
		if m.condition("continues "+label, "the iteration ends in "+m.s.text(n)) {
			m.strip.cont = true
			return true
		}
	}
	return leaves
}

// mayContinue reports whether some statement ends the iteration of the loop.
func (m *machine) mayContinue(list []ast.Stmt) bool {
	found := false
	for _, st := range list {
		ast.Inspect(st, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BranchStmt:
				found = found || n.Tok == token.CONTINUE
			case *ast.FuncLit:
				return false
			}
			return !found
		})
	}
	return found
}

// silentList reports whether all statements of a list only compute.
func (m *machine) silentList(list []ast.Stmt) bool {
	for _, st := range list {
		if m.hasSpecial(st) || m.looker.silent(st).opaque != "" {
			return false
		}
	}
	return true
}
