// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/autobatch/autobatch/internal/effects"
)

// confined reports whether the memory behind the slice or map variable v is
// reached through v alone, as far as code goes that can have been executed when
// the region ends: the variable is made in the function, grows by append, and
// is looked into, but neither copied nor handed on before.
func (f *function) confined(v *types.Var) bool {
	if done, ok := f.confinedVars[v]; ok && done.end >= f.regionEnd {
		return done.yes
	}
	yes := f.findConfined(v)
	f.confinedVars[v] = confinement{yes, f.regionEnd}
	return yes
}

// confinement is an answer, and how far the code was looked at for it.
type confinement struct {
	yes bool
	end token.Pos
}

func (f *function) findConfined(v *types.Var) bool {
	home, local := f.vars.declared[v]
	if !local || f.vars.exposed(v) || f.vars.isCaptured(v) || f.hasGoto || isParam(home, v) {
		return false
	}
	switch types.Unalias(v.Type()).Underlying().(type) {
	case *types.Slice, *types.Map:
	default:
		return false
	}
	ok := true
	var stack []ast.Node
	ast.Inspect(f.decl, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		if id, is := n.(*ast.Ident); is && ok && (f.pass.TypesInfo.Uses[id] == v || f.pass.TypesInfo.Defs[id] == v) {
			if !f.later(id.Pos(), v) && !f.keepsConfined(id, v, stack) {
				ok = false
			}
		}
		stack = append(stack, n)
		return true
	})
	return ok
}

// isParam reports whether v is a parameter of the function fn.
func isParam(fn ast.Node, v *types.Var) bool {
	var t *ast.FuncType
	var recv *ast.FieldList
	switch fn := fn.(type) {
	case *ast.FuncDecl:
		t, recv = fn.Type, fn.Recv
	case *ast.FuncLit:
		t = fn.Type
	}
	within := func(l *ast.FieldList) bool { return l != nil && l.Pos() <= v.Pos() && v.Pos() < l.End() }
	return t != nil && within(t.Params) || within(recv)
}

// later reports whether the code at pos runs only after the region.
func (f *function) later(pos token.Pos, v *types.Var) bool {
	if !f.regionEnd.IsValid() || pos < f.regionEnd {
		return false
	}
	for _, fr := range f.path {
		switch l := fr.owner.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			if l.Pos() <= pos && pos < l.End() && v.Pos() < l.Pos() {
				return false // it comes round again
			}
		}
	}
	return true
}

// keepsConfined reports whether one use of v lets nobody else get at what is
// behind it. The stack holds the nodes around the use.
func (f *function) keepsConfined(id *ast.Ident, v *types.Var, stack []ast.Node) bool {
	info := f.pass.TypesInfo
	is := func(e ast.Expr) bool {
		x, ok := ast.Unparen(e).(*ast.Ident)
		return ok && (info.Uses[x] == v || info.Defs[x] == v)
	}
	fresh := func(e ast.Expr) bool {
		if info.Types[e].IsNil() {
			return true
		}
		switch x := ast.Unparen(e).(type) {
		case *ast.CompositeLit:
			return true
		case *ast.SliceExpr:
			return is(x.X) // part of itself
		case *ast.CallExpr:
			if fun, ok := ast.Unparen(x.Fun).(*ast.Ident); ok && info.Types[x.Fun].IsBuiltin() {
				return fun.Name == "make" || fun.Name == "append" && is(x.Args[0])
			}
			return f.makesSlice(x)
		}
		return false
	}
	k := len(stack) - 1
	for k >= 0 {
		if _, ok := stack[k].(*ast.ParenExpr); !ok {
			break
		}
		k--
	}
	if k < 0 {
		return false
	}
	switch p := stack[k].(type) {
	case *ast.Field: // where a result is declared
		return true
	case *ast.ValueSpec:
		if len(p.Values) == 0 {
			return true
		}
		for i, n := range p.Names {
			if n == id {
				return len(p.Names) == len(p.Values) && fresh(p.Values[i])
			}
		}
	case *ast.AssignStmt:
		for i, l := range p.Lhs {
			if l == ast.Expr(id) {
				return len(p.Lhs) == len(p.Rhs) && fresh(p.Rhs[i])
			}
		}
	case *ast.IndexExpr:
		return (p.X == ast.Expr(id) || is(p.X)) && f.keepsPart(stack[:k+1])
	case *ast.SelectorExpr: // of a named slice type: a method
		return false
	case *ast.RangeStmt:
		return is(p.X)
	case *ast.ReturnStmt: // the region's end
		return true
	case *ast.SliceExpr:
		if k == 0 {
			return false
		}
		switch q := stack[k-1].(type) {
		case *ast.AssignStmt:
			for i, r := range q.Rhs {
				if r == ast.Expr(p) && len(q.Lhs) == len(q.Rhs) {
					return is(q.Lhs[i])
				}
			}
		case *ast.CallExpr:
			return !started(stack[:k-1]) && f.forgets(q)
		}
	case *ast.CallExpr:
		if started(stack[:k]) {
			return false
		}
		if f.forgets(p) {
			return true
		}
		fun, ok := ast.Unparen(p.Fun).(*ast.Ident)
		if !ok || !info.Types[p.Fun].IsBuiltin() {
			return false
		}
		switch fun.Name {
		case "len", "cap", "delete", "clear", "copy":
			return true
		case "append":
			// Only back to itself; as the elements appended it is copied, elements
			// with pointers in them too.
			if k == 0 || !is(p.Args[0]) {
				return false
			}
			as, ok := stack[k-1].(*ast.AssignStmt)
			return ok && len(as.Lhs) == 1 && is(as.Lhs[0])
		}
	case *ast.BinaryExpr: // with nil
		return true
	}
	return false
}

// keepsPart reports whether one use of an element, or of a part of it, lets nobody
// else get at its memory. The stack ends with the element's expression.
func (f *function) keepsPart(stack []ast.Node) bool {
	info := f.pass.TypesInfo
	part := stack[len(stack)-1].(ast.Expr)
	for i := len(stack) - 2; i >= 0; i-- {
		switch p := stack[i].(type) {
		case *ast.ParenExpr:
			part = p
			continue
		case *ast.SelectorExpr:
			if _, pointer := types.Unalias(info.TypeOf(part)).Underlying().(*types.Pointer); pointer {
				return true // what the element points to is not its own memory
			}
			sel := info.Selections[p]
			if sel == nil || sel.Indirect() && sel.Kind() == types.FieldVal {
				return sel != nil
			}
			if sel.Kind() != types.FieldVal { // a method may get the address
				fn, ok := sel.Obj().(*types.Func)
				return ok && !isPointerType(fn.Signature().Recv().Type())
			}
			part = p
			continue
		case *ast.IndexExpr:
			if _, array := types.Unalias(info.TypeOf(part)).Underlying().(*types.Array); array && ast.Unparen(p.X) == ast.Unparen(part) {
				part = p
				continue
			}
		case *ast.UnaryExpr:
			if p.Op == token.AND {
				return f.isForgotten(stack[:i])
			}
		case *ast.SliceExpr:
			if _, array := types.Unalias(info.TypeOf(part)).Underlying().(*types.Array); array && ast.Unparen(p.X) == ast.Unparen(part) {
				return f.isForgotten(stack[:i])
			}
		}
		return true
	}
	return false
}

// isForgotten reports whether a pointer or slice goes to nothing but a call that
// keeps no hold of it. The stack are the nodes around it.
func (f *function) isForgotten(stack []ast.Node) bool {
	for i := len(stack) - 1; i >= 0; i-- {
		if _, paren := stack[i].(*ast.ParenExpr); paren {
			continue
		}
		c, ok := stack[i].(*ast.CallExpr)
		return ok && !started(stack[:i]) && f.forgets(c)
	}
	return false
}

// started reports whether a call, whose surroundings are given, is made by another
// goroutine.
func started(stack []ast.Node) bool {
	if len(stack) == 0 {
		return false
	}
	_, ok := stack[len(stack)-1].(*ast.GoStmt)
	return ok
}

// makesSlice reports whether a call is of a function that returns a slice which
// nobody else has.
func (f *function) makesSlice(c *ast.CallExpr) bool {
	p, ok := effects.PureFunc(callee(f.pass.TypesInfo, c))
	return ok && p.Fresh
}

// forgets reports whether a call keeps no hold of the memory behind its
// arguments: a system call, or a conversion that copies.
func (f *function) forgets(c *ast.CallExpr) bool {
	if tv := f.pass.TypesInfo.Types[c.Fun]; tv.IsType() {
		return plainType(tv.Type)
	}
	call := f.syscall(c)
	return call != nil && call.fn.Possible()
}

// ownMemory reports whether the region ends before anybody else can get at l:
// storage of a private variable, or memory that is confined to one.
func (f *function) ownMemory(l loc) bool {
	return f.own(l) || l.root != nil && l.deref && f.confined(l.root)
}
