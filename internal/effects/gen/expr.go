// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// expr evaluates e. Values it does not follow become opaque, so that only
// their use is an error.
func (f *frame) expr(e ast.Expr) val {
	if c, ok := f.constExpr(e); ok {
		return known{c}
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return f.expr(e.X)
	case *ast.Ident:
		if x, ok := f.locals[e.Name]; ok {
			return x
		}
		if e.Name == "nil" {
			return intVal(0)
		}
		// Callers could write to an exported variable.
		if init := f.v.vars[e.Name]; init != nil && !f.v.written[e.Name] && !e.IsExported() {
			return (&frame{v: f.v, sem: f.sem}).expr(init)
		}
	case *ast.BinaryExpr:
		x, y := f.expr(e.X), f.expr(e.Y)
		if f.v.valType(x) != nil || f.v.valType(y) != nil {
			switch e.Op {
			case token.OR, token.AND, token.SHR, token.SHL, token.ADD, token.SUB, token.MUL, token.XOR:
				return bin{e.Op, x, y}
			}
		}
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return f.addr(e.X)
		}
	case *ast.CallExpr:
		rs := f.call(e)
		if len(rs) == 1 {
			return rs[0]
		}
	}
	return opaque{types.ExprString(e)}
}

// addr evaluates &e.
func (f *frame) addr(e ast.Expr) val {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return f.addr(e.X)
	case *ast.IndexExpr:
		if i, ok := f.constExpr(e.Index); ok && constant.Sign(i) == 0 {
			if x, ok := f.expr(e.X).(arg); ok {
				if _, slice := x.t.(*types.Slice); slice {
					return first{x}
				}
			}
		}
	case *ast.Ident:
		// The address of a local integer: the kernel sees a word that holds
		// its value. Reads back would have to go through the local, which
		// then evaluates to its old value, so such wrappers must not use it
		// again: only parameters and locals never mentioned twice qualify,
		// which call checks by refusing cells among inputs to later code.
		if x, ok := f.locals[e.Name]; ok && f.v.valType(x) != nil {
			return cell{x}
		}
	}
	return opaque{"&" + types.ExprString(e)}
}

// constExpr evaluates constant expressions, including the constants of the
// package and of values already known to be constant.
func (f *frame) constExpr(e ast.Expr) (constant.Value, bool) {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return f.constExpr(e.X)
	case *ast.BasicLit:
		c := constant.MakeFromLiteral(e.Value, e.Kind, 0)
		return c, c.Kind() != constant.Unknown
	case *ast.Ident:
		if x, ok := f.locals[e.Name]; ok {
			k, ok := x.(known)
			return k.c, ok
		}
		switch e.Name {
		case "true", "false":
			return constant.MakeBool(e.Name == "true"), true
		}
		return f.v.constVal(e.Name)
	case *ast.SelectorExpr:
		switch types.ExprString(e) {
		case "runtime.GOARCH":
			return constant.MakeString(f.v.port.arch), true
		case "runtime.GOOS":
			return constant.MakeString(f.v.port.os), true
		case "race.Enabled", "msan.Enabled", "asan.Enabled": // the fast executors are not built under a detector
			return constant.MakeBool(false), true
		}
	case *ast.UnaryExpr:
		if x, ok := f.constExpr(e.X); ok && (e.Op == token.SUB || e.Op == token.NOT || e.Op == token.ADD) {
			return constant.UnaryOp(e.Op, x, 0), true
		}
	case *ast.BinaryExpr:
		return f.constBinary(e)
	case *ast.CallExpr:
		if types.ExprString(e.Fun) == "unsafe.Sizeof" && len(e.Args) == 1 {
			if t := f.staticType(e.Args[0]); t != nil {
				return constant.MakeInt64(f.v.sizes.Sizeof(t)), true
			}
		}
	}
	return nil, false
}

func (f *frame) constBinary(e *ast.BinaryExpr) (constant.Value, bool) {
	x, xok := f.constExpr(e.X)
	y, yok := f.constExpr(e.Y)
	if e.Op == token.LAND || e.Op == token.LOR {
		// One side may decide alone: "raceenabled && n > 0".
		stop := e.Op == token.LOR
		for _, s := range []struct {
			c  constant.Value
			ok bool
		}{{x, xok}, {y, yok}} {
			if s.ok && s.c.Kind() == constant.Bool && constant.BoolVal(s.c) == stop {
				return s.c, true
			}
		}
	}
	if !xok || !yok {
		return nil, false
	}
	switch e.Op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		return constant.MakeBool(constant.Compare(x, e.Op, y)), true
	case token.SHL, token.SHR:
		n, ok := constant.Uint64Val(y)
		if !ok || n > 64 {
			return nil, false
		}
		return constant.Shift(x, e.Op, uint(n)), true
	case token.LAND, token.LOR:
		return constant.BinaryOp(x, e.Op, y), true
	case token.QUO, token.REM:
		if constant.Sign(y) == 0 || x.Kind() != constant.Int || y.Kind() != constant.Int {
			return nil, false
		}
		if e.Op == token.QUO {
			return constant.BinaryOp(x, token.QUO_ASSIGN, y), true // integer division
		}
		return constant.BinaryOp(x, e.Op, y), true
	case token.ADD, token.SUB, token.MUL, token.OR, token.AND, token.XOR, token.AND_NOT:
		return constant.BinaryOp(x, e.Op, y), true
	}
	return nil, false
}

// staticType is the type of *p and p for parameters.
func (f *frame) staticType(e ast.Expr) types.Type {
	if s, ok := e.(*ast.StarExpr); ok {
		if p, ok := f.staticType(s.X).(*types.Pointer); ok {
			return p.Elem()
		}
		return nil
	}
	if id, ok := e.(*ast.Ident); ok {
		if x, ok := f.locals[id.Name].(arg); ok {
			return x.t
		}
	}
	return nil
}

// sliceData recognises the two ways in which wrappers take a slice's address:
//
//	if len(s) > 0 { p = unsafe.Pointer(&s[0]) } else { p = unsafe.Pointer(&_zero) }
//	if len(s) > 0 { p = unsafe.Pointer(&s[0]) }       (p was nil)
func (f *frame) sliceData(st *ast.IfStmt) bool {
	b, ok := st.Cond.(*ast.BinaryExpr)
	if !ok || b.Op != token.GTR || len(st.Body.List) != 1 {
		return false
	}
	n, ok := f.expr(b.X).(length)
	if y, yok := f.constExpr(b.Y); !ok || !yok || constant.Sign(y) != 0 {
		return false
	}
	target := func(s ast.Stmt) (*ast.Ident, ast.Expr) {
		if a, ok := s.(*ast.AssignStmt); ok && a.Tok == token.ASSIGN && len(a.Lhs) == 1 && len(a.Rhs) == 1 {
			if id, ok := a.Lhs[0].(*ast.Ident); ok {
				return id, a.Rhs[0]
			}
		}
		return nil, nil
	}
	id, rhs := target(st.Body.List[0])
	if id == nil {
		return false
	}
	x, ok := f.expr(rhs).(first)
	if !ok || x.x != n.x {
		return false
	}
	if st.Else == nil {
		if f.locals[id.Name] == nil || f.locals[id.Name].String() != "0" {
			return false
		}
		f.locals[id.Name] = dataNil{x.x, false}
		return true
	}
	els, ok := st.Else.(*ast.BlockStmt)
	if !ok || len(els.List) != 1 {
		return false
	}
	id2, rhs2 := target(els.List[0])
	if id2 == nil || id2.Name != id.Name || types.ExprString(rhs2) != "unsafe.Pointer(&_zero)" {
		return false
	}
	f.locals[id.Name] = data(x)
	return true
}
