// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"github.com/autobatch/autobatch/internal/effects"
)

const boolean = types.IsBoolean

// truth evaluates a condition, and notes what it says of pointers.
func (m *machine) truth(e ast.Expr) bool {
	v := m.decide(ast.Unparen(e))
	m.compared(e, v, m.nonnil)
	return v
}

func (m *machine) decide(e ast.Expr) bool {
	if m.s.constant(e) {
		return m.constantTruth(e)
	}
	switch x := e.(type) {
	case *ast.UnaryExpr:
		if x.Op == token.NOT {
			return !m.truth(x.X)
		}
	case *ast.BinaryExpr:
		switch x.Op {
		case token.LAND:
			return m.truth(x.X) && m.truth(x.Y)
		case token.LOR:
			return m.truth(x.X) || m.truth(x.Y)
		case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
			return m.comparison(x)
		}
	case *ast.CallExpr:
		if name := m.predicate(x); name != "" {
			return m.predicateTruth(x, name)
		}
	}
	m.eval(e)
	return m.condition(m.label(e), m.s.text(e), e)
}

// constant reports whether a condition is one.
func (s *side) constant(e ast.Expr) bool {
	v := s.Info.Types[e].Value
	return v != nil && v.Kind() == constant.Bool
}

// constantTruth is the truth of a constant condition, if that is the same in all
// configurations; else it is a question.
func (m *machine) constantTruth(e ast.Expr) bool {
	if m.s.spelled(e) {
		return constant.BoolVal(m.s.Info.Types[e].Value)
	}
	x, neg := m.s.bare(e)
	return m.condition(m.label(x), m.s.text(e), x) != neg
}

// spelled reports whether a constant is written out: what a name stands for
// may depend on the configuration that the file is compiled for.
func (s *side) spelled(e ast.Expr) bool {
	ok := true
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			ok = false
		case *ast.Ident:
			obj := s.object(n)
			ok = ok && obj != nil && obj.Pkg() == nil
		}
		return ok
	})
	return ok
}

// errno reports whether e names an error number of x/sys/unix or syscall; none
// of them is zero anywhere.
func (s *side) errno(e ast.Expr) bool {
	var id *ast.Ident
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	default:
		return false
	}
	c, ok := s.object(id).(*types.Const)
	if !ok || c.Pkg() == nil || c.Pkg().Path() != unixPath && c.Pkg().Path() != "syscall" {
		return false
	}
	n, ok := types.Unalias(c.Type()).(*types.Named)
	return ok && n.Obj().Name() == "Errno" && constant.Sign(c.Val()) != 0
}

// comparison evaluates x op y.
func (m *machine) comparison(e *ast.BinaryExpr) bool {
	if y := m.s.flipped(e); y != nil {
		return !m.comparison(y)
	}
	if m.hasSpecial(e) {
		vs := m.list(e.X, e.Y)
		if r := m.binary(e); r.panics != "" && vs[0].part != errPart && vs[1].part != errPart {
			m.emit(&action{kind: opaque, label: "compare " + m.label(e), text: m.s.text(e), node: e})
		}
		return m.compare(e.Op, e.X, e.Y, vs[0], vs[1], m.label(e), m.s.text(e))
	}
	known := m.known(e.X).part != nothing || m.known(e.Y).part != nothing
	if r := m.look(e); r.opaque != "" || r.panics != "" && !known {
		m.simple(e, "")
		return m.condition(m.label(e), m.s.text(e), e)
	}
	x, y := m.simple(ast.Unparen(e.X), ""), m.simple(ast.Unparen(e.Y), "")
	return m.compare(e.Op, e.X, e.Y, x, y, m.label(e), m.s.text(e))
}

// known is what is known of a variable's value.
func (m *machine) known(e ast.Expr) value {
	if v := m.s.variable(e); v != nil {
		return m.env[m.s.name(v)]
	}
	return value{}
}

// compare decides x op y as far as the outcome of calls does.
func (m *machine) compare(op token.Token, x, y ast.Expr, vx, vy value, label, text string) bool {
	if vx.part == nothing && vy.part != nothing {
		x, y, vx, vy = y, x, vy, vx
		op = mirror[op]
	}
	if vy.part == nothing {
		switch vx.part {
		case errPart, rawPart:
			if op == token.EQL || op == token.NEQ {
				if eq, ok := m.errorIs(vx, y, text); ok {
					return eq == (op == token.EQL)
				}
			}
		case numPart:
			if r, ok := m.number(op, vx.call, y); ok {
				return r
			}
		}
	}
	return m.condition(label, text, x, y)
}

var mirror = map[token.Token]token.Token{
	token.EQL: token.EQL, token.NEQ: token.NEQ, token.LSS: token.GTR, token.GTR: token.LSS, token.LEQ: token.GEQ, token.GEQ: token.LEQ,
}

// errorIs decides whether an error equals y.
func (m *machine) errorIs(v value, y ast.Expr, text string) (eq, ok bool) {
	tv := m.s.Info.Types[y]
	none := tv.IsNil()
	if v.part == rawPart {
		if tv.Value == nil || !m.s.spelled(y) && !m.s.errno(y) {
			return false, false
		}
		none = constant.Sign(constant.ToInt(tv.Value)) == 0
	}
	if none {
		return !m.fails(v.call), true
	}
	if !m.neverNil(y) {
		return false, false
	}
	if !m.fails(v.call) {
		return false, true
	}
	return m.d.ask(fmt.Sprintf("is %d %s", v.call, m.label(y)), text+" holds"), true
}

// neverNil reports whether an expression is an error constant, or an error
// variable of the standard library.
func (m *machine) neverNil(e ast.Expr) bool {
	if m.s.Info.Types[e].Value != nil {
		return m.s.errno(e)
	}
	var id *ast.Ident
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	default:
		return false
	}
	v, ok := m.s.object(id).(*types.Var)
	return ok && m.s.standardError(v)
}

// standardError reports whether a variable is an error of the standard library:
// these are not nil, and nobody assigns to them.
func (s *side) standardError(v *types.Var) bool {
	if v.Pkg() == nil || v.Parent() != v.Pkg().Scope() || !types.IsInterface(v.Type()) {
		return false
	}
	return effects.Standard(v.Pkg().Path()) && v.Pkg() != s.Pkg && (strings.HasPrefix(v.Name(), "Err") || v.Name() == "EOF")
}

// number decides n op y where n is the number that call k returned.
func (m *machine) number(op token.Token, k int, y ast.Expr) (r, ok bool) {
	tv := m.s.Info.Types[y]
	if tv.Value == nil || !m.s.spelled(y) {
		return false, false
	}
	c, exact := constant.Int64Val(constant.ToInt(tv.Value))
	if !exact {
		return false, false
	}
	if m.fails(k) {
		is := func(n int64) bool { return constant.Compare(constant.MakeInt64(n), op, constant.MakeInt64(c)) }
		return is(-1), !m.calls[k].sys.mayGiveZero() || is(-1) == is(0)
	}
	if m.zero(k) {
		return constant.Compare(constant.MakeInt64(0), op, constant.MakeInt64(c)), true
	}
	row := m.calls[k].sys.row
	if row == nil || !row.NonNeg {
		if c == 0 && (op == token.EQL || op == token.NEQ) {
			return op == token.NEQ, true
		}
		return false, false
	}
	// The number is 1 or more.
	switch op {
	case token.EQL, token.LEQ:
		if c < 1 {
			return false, true
		}
	case token.LSS:
		if c <= 1 {
			return false, true
		}
	case token.NEQ, token.GTR:
		if c < 1 {
			return true, true
		}
	case token.GEQ:
		if c <= 1 {
			return true, true
		}
	}
	return false, false
}

// mayGiveZero reports whether the wrapper of a call that returns a number and an
// error may return 0 with the error, since it makes no call: a path holds a NUL, or
// a slice has a wrong length. Else it returns -1.
func (x *syscall) mayGiveZero() bool {
	if x.row == nil || x.result != effects.ResIntErr && x.result != effects.ResInt64Err {
		return true
	}
	for _, p := range x.row.Params {
		if p.Copied() {
			return true
		}
	}
	for _, e := range x.row.Linux {
		if e.Guard != "" {
			return true
		}
	}
	return false
}

// predicate is the name of a function of the standard library that only looks
// at the error it is given, or "".
func (m *machine) predicate(e *ast.CallExpr) string {
	fn := m.s.function(e)
	if fn == nil || e.Ellipsis.IsValid() {
		return ""
	}
	name := fn.Pkg().Path() + "." + fn.Name()
	switch name {
	case "errors.Is":
		if len(e.Args) == 2 {
			return name
		}
	case "os.IsNotExist", "os.IsExist", "os.IsPermission", "os.IsTimeout":
		return name
	}
	return ""
}

// predicateTruth decides a predicate of a call's error: no of nil. Of an
// error that a system call gave it is a question; of any other error it is a
// call of unknown code, for errors may have methods.
func (m *machine) predicateTruth(e *ast.CallExpr, name string) bool {
	special := m.hasSpecial(e)
	if !special && m.known(e.Args[0]).part != errPart {
		m.other(e, "")
		return m.condition(m.label(e), m.s.text(e), e)
	}
	vs := m.list(e.Args...)
	if vs[0].part != errPart {
		m.other(e, "")
		return m.condition(m.label(e), m.s.text(e), e)
	}
	if name == "errors.Is" && !m.neverNil(e.Args[1]) {
		m.other(e, "")
		return m.condition(m.label(e), m.s.text(e), e)
	}
	if !m.fails(vs[0].call) {
		return false
	}
	key := name
	for _, a := range e.Args[1:] {
		key += " " + m.label(a)
	}
	return m.d.ask(fmt.Sprintf("%s of %d", key, vs[0].call), m.s.text(e)+" holds")
}
