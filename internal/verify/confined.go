// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/autobatch/autobatch/internal/effects"
)

// confined reports whether, as long as the code up to f.until runs, what the
// slice or map in a variable leads to is reached by no other way: it was made
// here, and no use of the variable that can have come before copies it.
func (f *facts) confined(name string) bool {
	if name = baseOf(name); name == "" || name == deferred {
		return false
	}
	yes, known := f.confines[name]
	if !known {
		yes = f.findConfined(name)
		f.confines[name] = yes
	}
	return yes
}

// region says which code is looked at now: it ends at the given place, inside
// of these loops.
func (f *facts) region(until token.Pos, loops []ast.Node) {
	f.until, f.loops, f.confines = until, loops, map[string]bool{}
}

func (f *facts) findConfined(name string) bool {
	v, ok := f.s.byName[name].(*types.Var)
	if !ok || f.taken(name) || f.captured(name) || f.deferred[name] || f.looped[name] || f.gotos || f.parameter(v) {
		return false
	}
	switch v.Type().Underlying().(type) {
	case *types.Slice, *types.Map:
	default:
		return false
	}
	fine := true
	var around []ast.Node
	ast.Inspect(f.s.Decl, func(n ast.Node) bool {
		if n == nil {
			around = around[:len(around)-1]
			return true
		}
		if id, ok := n.(*ast.Ident); ok && f.s.object(id) == types.Object(v) && !f.after(id.Pos(), v) {
			fine = fine && f.keeps(id, v, around)
		}
		around = append(around, n)
		return true
	})
	return fine
}

// parameter reports whether the caller gave the variable its first value. (A
// result begins as nil.)
func (f *facts) parameter(v *types.Var) bool {
	found := false
	of := func(l *ast.FieldList) {
		found = found || l != nil && l.Pos() <= v.Pos() && v.Pos() < l.End()
	}
	of(f.s.Decl.Recv)
	ast.Inspect(f.s.Decl, func(n ast.Node) bool {
		if t, ok := n.(*ast.FuncType); ok {
			of(t.Params)
		}
		return !found
	})
	return found
}

// after reports whether code at a position runs only when the code that is
// looked at has ended.
func (f *facts) after(p token.Pos, v *types.Var) bool {
	if !f.until.IsValid() || p < f.until {
		return false
	}
	for _, l := range f.loops {
		if l.Pos() <= p && p < l.End() && v.Pos() < l.Pos() {
			return false
		}
	}
	return true
}

// keeps reports whether a use of the variable leaves what it leads to confined.
func (f *facts) keeps(id *ast.Ident, v *types.Var, around []ast.Node) bool {
	var up []ast.Node // innermost first, without parentheses
	for i := len(around) - 1; i >= 0 && len(up) < 2; i-- {
		if _, ok := around[i].(*ast.ParenExpr); !ok {
			up = append(up, around[i])
		}
	}
	if len(up) == 0 {
		return false
	}
	if len(up) == 1 {
		up = append(up, nil)
	}
	self := func(e ast.Expr) bool { return f.s.variable(e) == v }
	// given is what the variable gets from an assignment.
	given := func(lhs, rhs []ast.Expr) ast.Expr {
		for i, l := range lhs {
			if self(l) && len(lhs) == len(rhs) {
				return rhs[i]
			}
		}
		return nil
	}
	builtin := func(c *ast.CallExpr) string {
		if fun, ok := ast.Unparen(c.Fun).(*ast.Ident); ok && f.s.Info.Types[c.Fun].IsBuiltin() {
			return fun.Name
		}
		return ""
	}
	made := func(e ast.Expr) bool {
		if e == nil {
			return false
		}
		if f.s.Info.Types[e].IsNil() {
			return true
		}
		switch x := ast.Unparen(e).(type) {
		case *ast.CompositeLit:
			return true
		case *ast.SliceExpr:
			return self(x.X)
		case *ast.CallExpr:
			return builtin(x) == "make" || builtin(x) == "append" && self(x.Args[0]) || f.s.makesSlice(x)
		}
		return false
	}
	switch p := up[0].(type) {
	case *ast.Field: // where a result is declared
		return true
	case *ast.ValueSpec:
		if len(p.Values) == 0 {
			return true
		}
		lhs := make([]ast.Expr, len(p.Names))
		for i, n := range p.Names {
			lhs[i] = n
		}
		return made(given(lhs, p.Values))
	case *ast.AssignStmt:
		return (p.Tok == token.ASSIGN || p.Tok == token.DEFINE) && made(given(p.Lhs, p.Rhs))
	case *ast.RangeStmt:
		return self(p.X)
	case *ast.ReturnStmt: // the end of all that is looked at
		return true
	case *ast.BinaryExpr:
		return true
	case *ast.IndexExpr:
		return self(p.X) && f.keepsPart(p, outside(around, p))
	case *ast.SliceExpr:
		switch q := up[1].(type) {
		case *ast.AssignStmt:
			x := given(q.Lhs, q.Rhs)
			return x != nil && ast.Unparen(x) == ast.Expr(p)
		case *ast.CallExpr:
			return self(p.X) && f.copiesOrCalls(q, outside(around, q))
		}
	case *ast.CallExpr:
		if started(outside(around, p)) {
			return false
		}
		switch builtin(p) {
		case "len", "cap", "delete", "clear", "copy":
			return true
		case "append":
			q, ok := up[1].(*ast.AssignStmt)
			return ok && self(p.Args[0]) && given(q.Lhs, q.Rhs) == ast.Expr(p)
		}
		return f.copiesOrCalls(p, outside(around, p))
	}
	return false
}

// started reports whether a call, with these nodes around it, is made by another
// goroutine.
func started(around []ast.Node) bool {
	if len(around) == 0 {
		return false
	}
	_, ok := around[len(around)-1].(*ast.GoStmt)
	return ok
}

// keepsPart reports whether a use of an element lets nobody have its address: it
// is read or written, in whole or in part, or a system call gets it.
func (f *facts) keepsPart(e ast.Expr, around []ast.Node) bool {
	for len(around) > 0 {
		last := len(around) - 1
		outer := around[last]
		around = around[:last]
		switch o := outer.(type) {
		case *ast.ParenExpr:
			e = o
		case *ast.SelectorExpr:
			if isPointer(f.s.typeOf(e)) {
				return true // what it leads to is other memory
			}
			sel := f.s.Info.Selections[o]
			switch {
			case sel == nil:
				return false
			case sel.Kind() != types.FieldVal:
				return !isPointer(sel.Obj().(*types.Func).Signature().Recv().Type())
			case sel.Indirect():
				return true
			}
			e = o
		case *ast.IndexExpr:
			if _, array := f.under(o.X).(*types.Array); !array || ast.Unparen(o.X) != ast.Unparen(e) {
				return true
			}
			e = o
		case *ast.SliceExpr:
			if _, array := f.under(o.X).(*types.Array); !array || ast.Unparen(o.X) != ast.Unparen(e) {
				return true
			}
			return f.forCall(o, around)
		case *ast.UnaryExpr:
			return o.Op != token.AND || f.forCall(o, around)
		default:
			return true
		}
	}
	return false
}

// outside are the nodes around n, of those around something inside of it.
func outside(around []ast.Node, n ast.Node) []ast.Node {
	for i, x := range around {
		if x == n {
			return around[:i]
		}
	}
	return nil
}

// copiesOrCalls reports whether a call is a conversion that copies, or a
// system call that forgets its arguments when it returns.
func (f *facts) copiesOrCalls(c *ast.CallExpr, around []ast.Node) bool {
	if started(around) {
		return false
	}
	if tv := f.s.Info.Types[c.Fun]; tv.IsType() {
		return basic(tv.Type, types.IsString)
	}
	return f.s.syscall(c, "") != nil
}

// makesSlice reports whether a call is of a function that returns a slice which
// nobody else has.
func (s *side) makesSlice(c *ast.CallExpr) bool {
	fn := s.function(c)
	if fn == nil {
		return false
	}
	p, ok := effects.PureFunc(fn)
	return ok && p.Fresh
}
