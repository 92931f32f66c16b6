// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/autobatch/autobatch/internal/effects"
)

// special reports whether a call is one that the execution follows: a plain
// system call, or the result of an entry.
func (m *machine) special(e ast.Expr) bool {
	c, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	return m.b != nil && m.b.access[c] != nil || m.s.syscall(c, m.c.goarch) != nil
}

// hasSpecial reports whether evaluating e makes such a call.
func (m *machine) hasSpecial(e ast.Node) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if x, ok := n.(ast.Expr); ok && m.special(x) {
			found = true
		}
		_, lit := n.(*ast.FuncLit)
		return !found && !lit
	})
	return found
}

// label is the position-independent form of syntax, with what is evaluated
// already in its place.
func (m *machine) label(n ast.Node) string {
	p := printer{s: m.s, vals: m.vals}
	if m.s.edited {
		p.equal, p.other = m.c.equal, m.c.orig
	}
	p.node(n)
	return p.String()
}

// eval evaluates an expression for its value.
func (m *machine) eval(e ast.Expr) value {
	e = ast.Unparen(e)
	if m.special(e) {
		vs := m.result(e.(*ast.CallExpr))
		if len(vs) > 0 && vs[len(vs)-1].part == rawPart {
			m.s.fail(e, "the second result of %s is not known of an entry", m.s.text(e))
		}
		if len(vs) == 1 {
			return vs[0]
		}
		return value{}
	}
	if !m.hasSpecial(e) {
		return m.simple(e, "")
	}
	switch e := e.(type) {
	case *ast.UnaryExpr, *ast.BinaryExpr:
		if t := m.s.typeOf(e); basic(t, boolean) {
			v := m.truth(e)
			m.vals[e] = fmt.Sprint(v)
			return value{}
		}
		switch e := e.(type) {
		case *ast.UnaryExpr:
			_, literal := ast.Unparen(e.X).(*ast.CompositeLit)
			if literal && e.Op == token.AND || e.Op == token.SUB || e.Op == token.ADD || e.Op == token.XOR {
				m.eval(e.X)
				return value{}
			}
		case *ast.BinaryExpr:
			m.list(e.X, e.Y)
			// What the operator does to the values, panics included, happens in
			// the same place on both sides.
			m.emit(&action{kind: opaque, label: "op " + m.label(e), text: m.s.text(e), node: e})
			return value{}
		}
	case *ast.CallExpr:
		if tv := m.s.Info.Types[e.Fun]; tv.IsType() && len(e.Args) == 1 {
			m.eval(e.Args[0])
			return value{}
		}
		if m.predicate(e) != "" {
			v := m.truth(e)
			m.vals[e] = fmt.Sprint(v)
			return value{}
		}
		if fn := m.s.function(e); fn != nil && effects.KeepsNil(fn) && m.special(ast.Unparen(e.Args[len(e.Args)-1])) {
			vs := m.list(e.Args...)
			return vs[len(vs)-1] // nil or not, as the error is
		}
		if m.s.builtin(e, "append") != nil && !e.Ellipsis.IsValid() {
			m.list(e.Args...)
			at := m.content(e.Args[0])
			m.emit(&action{kind: compute, label: "append " + m.label(e), text: m.s.text(e), node: e, reads: []loc{at}, writes: []loc{at}})
			return value{}
		}
		var parts []ast.Expr
		switch f := ast.Unparen(e.Fun).(type) {
		case *ast.Ident, *ast.FuncLit:
			parts = append(parts, f)
		case *ast.SelectorExpr:
			if m.s.Info.Selections[f] != nil {
				parts = append(parts, f.X)
			}
		default:
			m.s.fail(e, "the call of %s is not modelled", m.s.text(e.Fun))
		}
		m.list(append(parts, e.Args...)...)
		m.other(e, "call ")
		return value{}
	case *ast.CompositeLit:
		var parts []ast.Expr
		for _, x := range e.Elts {
			if kv, ok := x.(*ast.KeyValueExpr); ok {
				x = kv.Value
				if !m.constantKey(kv.Key) {
					m.s.fail(kv, "the key %s is not modelled", m.s.text(kv.Key))
				}
			}
			parts = append(parts, x)
		}
		m.list(parts...)
		return value{}
	}
	m.s.fail(e, "a system call inside of %s is not modelled", m.s.text(e))
	return value{}
}

func (m *machine) constantKey(k ast.Expr) bool {
	if id, ok := k.(*ast.Ident); ok {
		if v := m.s.variable(id); v != nil && v.IsField() {
			return true
		}
	}
	return m.s.Info.Types[k].Value != nil
}

// simple evaluates an expression without system calls. The tag keeps
// evaluations for different purposes apart.
func (m *machine) simple(e ast.Expr, tag string) value {
	tv := m.s.Info.Types[e]
	if tv.Value != nil || tv.IsNil() || tv.IsType() {
		return value{}
	}
	r := m.look(e)
	if r.opaque != "" {
		m.other(e, tag)
		return value{}
	}
	reads := r.reads
	if m.strip != nil && (tag == "arg " || tag == "field ") {
		reads = m.foreignReads(reads) // see gatheredOnly
	}
	m.emit(&action{kind: evaluate, label: "eval " + tag + m.label(e), text: m.s.text(e), node: e, reads: reads, panics: r.panics})
	m.learn(r)
	if v := m.s.variable(e); v != nil {
		return m.env[m.s.name(v)]
	}
	return value{}
}

// learn notes that pointers that were followed are not nil.
func (m *machine) learn(r reading) {
	for _, d := range r.derefs {
		if m.f.stable(d) {
			m.nonnil[d] = true
		}
	}
}

// other is code that is not looked into.
func (m *machine) other(n ast.Node, tag string) {
	m.emit(&action{kind: opaque, label: "other " + tag + m.label(n), text: m.s.text(n), node: n})
	for name := range m.c.assignedIn(m.s, n) {
		delete(m.env, name)
	}
	for name := range m.env {
		if m.f.shared(name) {
			delete(m.env, name)
		}
	}
}

// list evaluates operands of one expression or statement. Go does not say
// when a variable is read that stands beside a call, so each such operand
// counts as read before all calls, and again in its turn.
func (m *machine) list(es ...ast.Expr) []value {
	calls := 0
	for _, e := range es {
		if m.hasSpecial(e) {
			calls++
		}
	}
	if calls > 0 {
		for _, e := range es {
			m.early(e)
		}
	}
	vs := make([]value, len(es))
	for i, e := range es {
		vs[i] = m.eval(e)
	}
	return vs
}

func (m *machine) early(e ast.Expr) {
	if m.hasSpecial(e) {
		return
	}
	if r := m.look(e); r.opaque == "" && len(r.reads) > 0 {
		m.emit(&action{kind: evaluate, label: "early " + m.label(e), text: m.s.text(e), node: e, reads: r.reads, panics: r.panics})
	}
}

// result makes a system call, or fetches an entry's result.
func (m *machine) result(e *ast.CallExpr) []value {
	if m.b != nil {
		if a := m.b.access[e]; a != nil {
			return m.fetch(e, a)
		}
	}
	sys := m.s.syscall(e, m.c.goarch)
	m.arguments(e, sys)
	k := m.made(e, sys)
	m.vals[e] = fmt.Sprintf("#%d", k)
	return sys.parts(k)
}

// arguments evaluates the arguments of a call where it stands.
func (m *machine) arguments(e *ast.CallExpr, sys *syscall) {
	for _, a := range e.Args {
		if m.hasSpecial(a) {
			m.list(e.Args...)
			return
		}
	}
	for i, a := range e.Args {
		if m.strip != nil {
			delete(m.vals, a) // of an earlier iteration
		}
		if k := m.holds(m.s.unconverted(a)); k >= 0 && sys != nil && sys.takesInt(i) && !m.fails(k) {
			m.vals[a] = numberLabel(k) // whichever way it gets here
			continue
		}
		tag, x := m.argument(sys, i, a)
		m.simple(x, tag)
		m.nameField(a, tag, x)
	}
}

// argument is what is evaluated for an argument, and the tag of its label. Of a
// field only the conversions do not count: it may be loaded otherwise.
func (m *machine) argument(sys *syscall, i int, a ast.Expr) (tag string, x ast.Expr) {
	if x := m.s.unconverted(a); m.s.field(x) && sys != nil && sys.takesInt(i) {
		return "field ", x
	}
	return "arg ", a
}

// nameField notes how a field is called as an argument.
func (m *machine) nameField(a ast.Expr, tag string, x ast.Expr) {
	if tag == "field " {
		delete(m.vals, x) // of an earlier iteration
		m.vals[a] = tag + m.label(x)
	}
}

// field reports whether e is a field of a number's type, in a variable.
func (s *side) field(e ast.Expr) bool {
	sel, ok := e.(*ast.SelectorExpr)
	return ok && s.Info.Selections[sel] != nil && basic(s.typeOf(sel), types.IsInteger)
}

// unconverted is an expression without conversions between integer types that
// keep its number in a register.
func (s *side) unconverted(e ast.Expr) ast.Expr {
	sizes := types.SizesFor("gc", "amd64")
	for {
		e = ast.Unparen(e)
		c, ok := e.(*ast.CallExpr)
		if !ok || len(c.Args) != 1 || !s.Info.Types[c.Fun].IsType() {
			return e
		}
		to, from := s.typeOf(c), s.typeOf(c.Args[0])
		if !basic(to, types.IsInteger) || !basic(from, types.IsInteger) {
			return e
		}
		a, b := sizes.Sizeof(from.Underlying()), sizes.Sizeof(to.Underlying())
		signed := func(t types.Type) bool { return !basic(t, types.IsUnsigned) }
		if a > b || b < 8 && signed(from) != signed(to) && (signed(from) || a == b) {
			return e // narrower than a register, and with another sign
		}
		e = c.Args[0]
	}
}

// holds is the call on the path whose number the variable a holds, or -1.
func (m *machine) holds(a ast.Expr) int {
	v := m.s.variable(a)
	if v == nil {
		return -1
	}
	x, ok := m.env[m.s.name(v)]
	if !ok || x.part != numPart || m.calls[x.call].sys.result != effects.ResIntErr && m.calls[x.call].sys.result != effects.ResInt64Err {
		return -1
	}
	return x.call
}

func numberLabel(k int) string { return fmt.Sprintf("number #%d", k) }

// made records a system call, and returns its number on the path.
func (m *machine) made(e *ast.CallExpr, sys *syscall) int {
	var args []string
	for _, a := range e.Args {
		args = append(args, m.label(a))
	}
	name := m.s.text(e)
	if i := strings.LastIndexByte(m.s.text(e.Fun), '.'); i >= 0 {
		name = name[i+1:]
	}
	x := &action{kind: call, label: fmt.Sprintf("call %s(%s) of (%s)", sys.name, strings.Join(args, ", "), sys.types), text: name, node: e, sys: sys}
	if !sys.raw {
		for i, p := range sys.row.Params {
			if p.Dir == effects.NoMem || p.Copied() {
				continue
			}
			at, ok := m.pointee(e.Args[i])
			if !ok {
				continue
			}
			if p.Dir&effects.In != 0 {
				x.reads = append(x.reads, at)
			}
			if p.Dir&effects.Out != 0 {
				x.writes = append(x.writes, at)
			}
		}
	}
	m.emit(x)
	k := len(m.calls)
	m.calls = append(m.calls, madeCall{sys, name})
	for v := range m.env {
		forget := m.f.shared(v)
		for _, w := range x.writes {
			forget = forget || m.f.mayAlias(w, loc{root: v})
		}
		if forget {
			delete(m.env, v)
		}
	}
	return k
}

// fetch asks for the result of an entry.
func (m *machine) fetch(e *ast.CallExpr, a *access) []value {
	sys := m.b.entries[a.entry].sys
	slot := a.entry
	if r := m.strip; r != nil {
		slot += r.lane * len(m.b.entries)
	}
	k, ran := m.ran[slot]
	if !ran {
		if a.or == nil {
			m.s.fail(e, "the result of %s is asked for where it has not been called", m.s.text(m.b.entries[a.entry].call))
		}
		vs := m.result(a.or)
		m.vals[e] = m.vals[a.or]
		return vs
	}
	m.vals[e] = fmt.Sprintf("#%d", k)
	return sys.parts(k)
}
