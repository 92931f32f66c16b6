// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"github.com/autobatch/autobatch/internal/effects"
	"github.com/autobatch/autobatch/plan"
)

// truth is what is known of a condition.
type truth uint8

const (
	unknown truth = iota
	yes
	no
)

func known(b bool) truth {
	if b {
		return yes
	}
	return no
}

func (t truth) not() truth {
	switch t {
	case yes:
		return no
	case no:
		return yes
	}
	return unknown
}

// outcome evaluates conditions for one class of outcomes of one call.
type outcome struct {
	f      *function
	call   *call
	class  plan.Class // exactly one of Neg, Zero, Pos
	errVar types.Object
	numVar types.Object
}

// condition evaluates e. A sub-condition that the class does not decide makes
// the whole unknown unless it is quiet: then it may be evaluated late.
func (o *outcome) condition(e ast.Expr) truth {
	info := o.f.pass.TypesInfo
	if tv := info.Types[e]; tv.Value != nil && tv.Value.Kind() == constant.Bool {
		if !o.f.literal(e) {
			return unknown // it may have another value in another configuration
		}
		return known(constant.BoolVal(tv.Value))
	}
	switch x := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		if x.Op == token.NOT {
			return o.condition(x.X).not()
		}
	case *ast.BinaryExpr:
		switch x.Op {
		case token.LAND, token.LOR:
			stop := no // the value of the left side that decides alone
			if x.Op == token.LOR {
				stop = yes
			}
			l := o.condition(x.X)
			if l == stop {
				return stop
			}
			r := o.condition(x.Y)
			if l == unknown {
				if r == stop && o.f.quiet(x.X) {
					return stop
				}
				return unknown
			}
			return r
		}
		return o.compare(x)
	case *ast.CallExpr:
		return o.predicate(x)
	}
	return unknown
}

func (o *outcome) compare(x *ast.BinaryExpr) truth {
	l, r := ast.Unparen(x.X), ast.Unparen(x.Y)
	op := x.Op
	if !o.isErr(l) && !o.isNum(l) {
		l, r = r, l
		switch op {
		case token.LSS:
			op = token.GTR
		case token.GTR:
			op = token.LSS
		case token.LEQ:
			op = token.GEQ
		case token.GEQ:
			op = token.LEQ
		}
	}
	switch {
	case o.isErr(l):
		var eq truth
		switch {
		case o.call.raw: // an Errno, 0 for success
			n, ok := constInt(o.f.pass.TypesInfo, r)
			switch {
			case ok && n == 0 && o.f.literal(r):
				eq = known(o.class != plan.Neg)
			case ok && o.class != plan.Neg && o.f.isErrno(r):
				eq = no
			}
		case o.f.pass.TypesInfo.Types[r].IsNil():
			eq = known(o.class != plan.Neg)
		case o.class != plan.Neg && o.f.isErrorValue(r):
			eq = no // no error, and r is one
		}
		switch op {
		case token.EQL:
			return eq
		case token.NEQ:
			return eq.not()
		}
	case o.isNum(l):
		if n, ok := constInt(o.f.pass.TypesInfo, r); ok && o.f.literal(r) {
			return o.number(op, n)
		}
	}
	return unknown
}

// number compares the call's numeric result with a constant.
func (o *outcome) number(op token.Token, n int64) truth {
	lo, hi := int64(0), int64(0) // the result's range
	switch o.class {
	case plan.Neg:
		if o.call.fn.Result != effects.ResIntErr && o.call.fn.Result != effects.ResInt64Err {
			return unknown
		}
		// The wrapper's value on failure: -1, or 0 where a path holds a NUL.
		lo, hi = -1, 0
		if !o.call.copies() {
			hi = -1
		}
	case plan.Pos:
		if !o.call.fn.NonNeg {
			if op == token.EQL && n == 0 {
				return no
			}
			if op == token.NEQ && n == 0 {
				return yes
			}
			return unknown
		}
		lo, hi = 1, 1<<62
	}
	switch op {
	case token.EQL:
		if n < lo || n > hi {
			return no
		}
		if lo == hi {
			return yes
		}
	case token.NEQ:
		return o.number(token.EQL, n).not()
	case token.LSS:
		if hi < n {
			return yes
		}
		if lo >= n {
			return no
		}
	case token.GEQ:
		return o.number(token.LSS, n).not()
	case token.GTR:
		if lo > n {
			return yes
		}
		if hi <= n {
			return no
		}
	case token.LEQ:
		return o.number(token.GTR, n).not()
	}
	return unknown
}

// predicate knows the pure functions that are asked about errors; all answer
// false for nil.
func (o *outcome) predicate(x *ast.CallExpr) truth {
	fn := callee(o.f.pass.TypesInfo, x)
	if fn == nil || fn.Pkg() == nil || len(x.Args) == 0 || o.call.raw || !o.isErr(ast.Unparen(x.Args[0])) || o.class == plan.Neg {
		return unknown
	}
	switch fn.Pkg().Path() + "." + fn.Name() {
	case "errors.Is":
		if o.f.isErrorValue(ast.Unparen(x.Args[1])) {
			return no
		}
	case "os.IsNotExist", "os.IsExist", "os.IsPermission", "os.IsTimeout":
		return no
	}
	return unknown
}

func (o *outcome) isErr(e ast.Expr) bool { return o.is(e, o.errVar, o.call.hasErr()) }
func (o *outcome) isNum(e ast.Expr) bool { return o.is(e, o.numVar, !o.call.hasErr()) }

// is reports whether e is the variable that holds the result, or the call
// itself where that is its only result.
func (o *outcome) is(e ast.Expr, v types.Object, only bool) bool {
	switch x := e.(type) {
	case *ast.Ident:
		return v != nil && o.f.pass.TypesInfo.ObjectOf(x) == v
	case *ast.CallExpr:
		return x == o.call.expr && only
	}
	return false
}

// literal reports whether a constant is spelled out where it stands: a name
// could stand for something else in another configuration.
func (f *function) literal(e ast.Expr) bool {
	ok := true
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			ok = false
		case *ast.Ident:
			obj := f.pass.TypesInfo.ObjectOf(n)
			ok = ok && obj != nil && obj.Pkg() == nil // true, false, nil, int, ...
		}
		return ok
	})
	return ok
}

// isErrno reports whether e is one of x/sys/unix's or syscall's error numbers,
// which are never zero.
func (f *function) isErrno(e ast.Expr) bool {
	var id *ast.Ident
	switch x := ast.Unparen(e).(type) {
	case *ast.SelectorExpr:
		id = x.Sel
	case *ast.Ident:
		id = x
	default:
		return false
	}
	c, ok := f.pass.TypesInfo.Uses[id].(*types.Const)
	if !ok || c.Pkg() == nil || c.Pkg().Path() != unixPath && c.Pkg().Path() != syscallPath {
		return false
	}
	n, ok := types.Unalias(c.Type()).(*types.Named)
	return ok && n.Obj().Name() == "Errno" && constant.Sign(c.Val()) != 0
}

// isErrorValue reports whether e is known to be a non-nil error and to be
// evaluated without effect: an errno constant, or an error variable of the
// standard library.
func (f *function) isErrorValue(e ast.Expr) bool {
	if f.isErrno(e) {
		return true
	}
	sel, ok := e.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	v, ok := f.pass.TypesInfo.Uses[sel.Sel].(*types.Var)
	if !ok || v.IsField() || v.Pkg() == nil {
		return false
	}
	switch v.Pkg().Path() + "." + v.Name() {
	case "os.ErrNotExist", "os.ErrExist", "os.ErrPermission", "os.ErrInvalid", "os.ErrClosed",
		"io/fs.ErrNotExist", "io/fs.ErrExist", "io/fs.ErrPermission", "io/fs.ErrInvalid", "io/fs.ErrClosed",
		"io.EOF":
		return true
	}
	return false
}

// quiet reports whether evaluating the condition e late makes no difference
// whatever else happens: it reads only variables that nobody else writes, and
// cannot panic.
func (f *function) quiet(e ast.Expr) bool {
	loads, bad := f.movable(e, nil)
	if bad != nil {
		return false
	}
	for _, l := range loads {
		if !f.own(l) || l.root == nil || f.isDestination(l.root) {
			return false
		}
	}
	return true
}
