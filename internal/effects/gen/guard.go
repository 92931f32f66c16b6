// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// guard recognises, at the head of list, the shape of UtimesNanoAt:
//
//	if s == nil { return g(..., nil, ...) }
//	if len(s) != K { return EINVAL }
//	return g(..., &s[0], ...)
//
// and reads it as one call with a length guard. done: ret is the result.
func (f *frame) guard(list []ast.Stmt) (ret []val, done, skip bool) {
	if ret, ok := f.pathOrNil(list); ok {
		return ret, true, false
	}
	if ret, ok := f.lengthGuard(list); ok {
		return ret, true, false
	}
	if len(list) != 3 || len(f.results) != 1 || f.sem == nil {
		return nil, false, false
	}
	a, ok1 := list[0].(*ast.IfStmt)
	b, ok2 := list[1].(*ast.IfStmt)
	c, ok3 := list[2].(*ast.ReturnStmt)
	if !ok1 || !ok2 || !ok3 || a.Init != nil || b.Init != nil || a.Else != nil || b.Else != nil {
		return nil, false, false
	}
	ca, ok1 := a.Cond.(*ast.BinaryExpr)
	cb, ok2 := b.Cond.(*ast.BinaryExpr)
	if !ok1 || !ok2 || ca.Op != token.EQL || cb.Op != token.NEQ || types.ExprString(ca.Y) != "nil" {
		return nil, false, false
	}
	s, ok1 := f.expr(ca.X).(arg)
	n, ok2 := f.expr(cb.X).(length)
	if !ok1 || !ok2 || n.x != s {
		return nil, false, false
	}
	if _, slice := s.t.(*types.Slice); !slice {
		return nil, false, false
	}
	k, ok := f.constExpr(cb.Y)
	if !ok || constant.Sign(k) <= 0 || !returnsEINVAL(b.Body) {
		return nil, false, false
	}
	// Read both ends; they must differ in nothing but the slice.
	g := f.fork()
	rs, done := g.block(a.Body.List)
	if !done {
		return nil, false, false
	}
	ret = f.ret(c)
	if g.sem.nr == nil || f.sem.nr == nil || len(rs) != 1 || len(ret) != 1 || rs[0] != ret[0] ||
		g.sem.nr.String() != f.sem.nr.String() || len(g.sem.words) != len(f.sem.words) {
		fail("makes different calls for a nil slice")
	}
	for i, w := range f.sem.words {
		switch x, isFirst := w.(first); {
		case isFirst && x.x == s && g.sem.words[i].String() == "0":
			f.sem.words[i] = dataNil{s, true}
		case w.String() != g.sem.words[i].String():
			fail("makes different calls for a nil slice")
		}
	}
	name := types.ExprString(ca.X)
	f.sem.guard = name + " != nil && len(" + name + ") != " + k.ExactString()
	return ret, true, false
}

func returnsEINVAL(b *ast.BlockStmt) bool {
	if len(b.List) != 1 {
		return false
	}
	r, ok := b.List[0].(*ast.ReturnStmt)
	return ok && len(r.Results) == 1 && types.ExprString(r.Results[0]) == "EINVAL"
}

// lengthGuard recognises the shape of syscall.UtimesNano:
//
//	if len(s) != K { return EINVAL }
//	return g(..., &s[0], ...)
func (f *frame) lengthGuard(list []ast.Stmt) (ret []val, ok bool) {
	if len(list) != 2 || len(f.results) != 1 {
		return nil, false
	}
	a, ok1 := list[0].(*ast.IfStmt)
	c, ok2 := list[1].(*ast.ReturnStmt)
	if !ok1 || !ok2 || a.Init != nil || a.Else != nil || !returnsEINVAL(a.Body) {
		return nil, false
	}
	cond, ok := a.Cond.(*ast.BinaryExpr)
	if !ok || cond.Op != token.NEQ {
		return nil, false
	}
	n, ok := f.expr(cond.X).(length)
	k, kok := f.constExpr(cond.Y)
	if !ok || !kok || constant.Sign(k) <= 0 {
		return nil, false
	}
	if a, ok := n.x.(arg); !ok || isString(a.t) {
		return nil, false
	}
	ret = f.ret(c)
	for i, w := range f.sem.words {
		if x, ok := w.(first); ok && x.x == n.x {
			f.sem.words[i] = dataNil{n.x, true}
		}
	}
	f.sem.guard = types.ExprString(cond.X) + " != " + k.ExactString()
	return ret, true
}

// pathOrNil recognises, at the head of list, the shape of Mount and
// FanotifyMark:
//
//	if s == "" { return g(..., nil, ...) }
//	p, err := BytePtrFromString(s)
//	if err != nil { return err }
//	return g(..., p, ...)
//
// and reads it as one call.
func (f *frame) pathOrNil(list []ast.Stmt) (ret []val, ok bool) {
	if len(list) != 4 {
		return nil, false
	}
	a, ok := list[0].(*ast.IfStmt)
	if !ok || a.Init != nil || a.Else != nil {
		return nil, false
	}
	c, ok := a.Cond.(*ast.BinaryExpr)
	if !ok || c.Op != token.EQL || types.ExprString(c.Y) != `""` {
		return nil, false
	}
	s, ok := f.expr(c.X).(arg)
	if !ok {
		return nil, false
	}
	g := f.fork()
	rs, done := g.block(a.Body.List)
	if !done {
		return nil, false
	}
	for _, st := range list[1:] {
		if ret, done = f.stmt(st); done {
			break
		}
	}
	if g.sem.nr == nil || f.sem.nr == nil || len(rs) != 1 || len(ret) != 1 || rs[0] != ret[0] ||
		g.sem.nr.String() != f.sem.nr.String() || len(g.sem.words) != len(f.sem.words) {
		fail("makes different calls for an empty string")
	}
	for i, w := range f.sem.words {
		switch x, isPath := w.(path); {
		case isPath && x.x == s && g.sem.words[i].String() == "0":
			f.sem.words[i] = pathNil{s}
		case w.String() != g.sem.words[i].String():
			fail("makes different calls for an empty string")
		}
	}
	return ret, true
}
