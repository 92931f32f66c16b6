// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/autobatch/autobatch/internal/effects"
)

// call evaluates a call or conversion and returns its results.
func (f *frame) call(e *ast.CallExpr) []val {
	fun := types.ExprString(e.Fun)
	one := func(x val) []val { return []val{x} }
	args := func() (xs []val) {
		for _, a := range e.Args {
			xs = append(xs, f.expr(a))
		}
		return xs
	}
	switch fun {
	case "len":
		if x, ok := f.expr(e.Args[0]).(arg); ok {
			switch x.t.(type) {
			case *types.Slice:
				return one(length{x})
			}
			if b, ok := x.t.(*types.Basic); ok && b.Kind() == types.String {
				return one(length{x})
			}
		}
		return one(opaque{types.ExprString(e)})
	case "unsafe.Pointer":
		return one(f.expr(e.Args[0]))
	case "BytePtrFromString":
		x := f.expr(e.Args[0])
		if _, ok := x.(arg); !ok {
			fail("makes a C string of %s", types.ExprString(e.Args[0]))
		}
		return []val{path{x}, pathErr{}}
	case "errnoErr":
		switch f.expr(e.Args[0]) {
		case errno{}, errOf{}:
			return one(errOf{})
		}
		fail("makes an error of %s", types.ExprString(e.Args[0]))
	case "syscall.Errno", "Errno":
		return one(f.expr(e.Args[0]))
	}
	if p, ok := e.Fun.(*ast.ParenExpr); ok { // (*T)(unsafe.Pointer(p))
		if _, ok := p.X.(*ast.StarExpr); ok && len(e.Args) == 1 {
			return one(f.expr(e.Args[0]))
		}
	}
	id, ok := e.Fun.(*ast.Ident)
	if !ok {
		// Which method this is depends on the value. That all those that an entry
		// may stand for are the expected ones is what the fingerprint is for.
		if sel, ok := e.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "sockaddr" && len(e.Args) == 0 {
			if x, ok := f.expr(sel.X).(arg); ok && paramKind(x.t) == effects.Sockaddr {
				return []val{sockaddr{x}, sockaddrLen{x}, pathErr{}}
			}
		}
		if fd := f.funcField(e.Fun); fd != nil {
			return f.v.run(f.sem, fd, args(), f.depth+1)
		}
		fail("calls %s", fun)
	}
	if _, local := f.locals[id.Name]; local {
		fail("calls %s", fun)
	}
	if rc, ok := rawCalls[id.Name]; ok && rc.n > 0 {
		return f.raw(rc.n, rc.noError, args())
	}
	if fd := f.v.funcs[id.Name]; fd != nil {
		return f.v.run(f.sem, fd, args(), f.depth+1)
	}
	if t := f.v.typeOf(id); t != nil && len(e.Args) == 1 { // conversion
		x := f.expr(e.Args[0])
		if isInteger(t) {
			switch x := x.(type) {
			case path, data, dataNil, first, cell, sockaddr: // uintptr(unsafe.Pointer(p))
				return one(x)
			case arg:
				if !isInteger(x.t) {
					return one(x) // likewise for a pointer parameter
				}
			}
			return one(f.v.convert(t, x))
		}
		return one(opaque{types.ExprString(e)})
	}
	fail("calls %s", fun)
	return nil
}

// raw records the system call.
func (f *frame) raw(n int, noError bool, args []val) []val {
	if f.sem.nr != nil {
		fail("makes more than one system call")
	}
	if len(args) != n+1 {
		fail("passes %d words to a %d-word call", len(args), n)
	}
	for _, a := range args {
		switch a := a.(type) {
		case opaque:
			fail("passes %s", a.why)
		case res0, errno, errOf, pathErr:
			fail("passes the result of another call")
		}
	}
	f.sem.nr, f.sem.words, f.sem.noError = args[0], args[1:], noError
	if noError {
		return []val{res0{}, opaque{"the second result register"}}
	}
	return []val{res0{}, opaque{"the second result register"}, errno{}}
}

// funcField resolves calls through a field of a package variable that is
// initialised once and never written: mapper.mmap is the function mmap.
func (f *frame) funcField(e ast.Expr) *ast.FuncDecl {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	x, ok := sel.X.(*ast.Ident)
	if !ok || f.locals[x.Name] != nil || f.v.written[x.Name] || x.IsExported() {
		return nil
	}
	init, ok := f.v.vars[x.Name].(*ast.UnaryExpr)
	if !ok || init.Op != token.AND {
		return nil
	}
	lit, ok := init.X.(*ast.CompositeLit)
	if !ok {
		return nil
	}
	var find func(*ast.CompositeLit) *ast.FuncDecl
	find = func(lit *ast.CompositeLit) *ast.FuncDecl {
		for _, el := range lit.Elts {
			kv, ok := el.(*ast.KeyValueExpr)
			if !ok {
				continue
			}
			key, ok := kv.Key.(*ast.Ident)
			if !ok {
				continue
			}
			if inner, ok := kv.Value.(*ast.CompositeLit); ok {
				if fd := find(inner); fd != nil {
					return fd
				}
			} else if v, ok := kv.Value.(*ast.Ident); ok && key.Name == sel.Sel.Name {
				return f.v.funcs[v.Name]
			}
		}
		return nil
	}
	return find(lit)
}
