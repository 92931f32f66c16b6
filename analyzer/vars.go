// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
)

// varFacts says, for the variables of one top-level function, who else could
// read or write them. It is flow-insensitive on purpose: an address taken
// after a region may be in use before it when the function runs in a loop.
type varFacts struct {
	info     *types.Info
	declared map[*types.Var]ast.Node    // innermost function that declares it
	address  map[*types.Var][]token.Pos // where its address goes somewhere else than to a system call
	captured map[*types.Var][]token.Pos // where a function literal uses it
	// later reports whether code at a place runs only when all is over that is
	// looked at now.
	later    func(token.Pos, *types.Var) bool
	assigned map[*types.Var]int      // times it is written, its declaration not counted
	loopVar  map[*types.Var]bool     // a range clause or named result: written without an assignment
	made     map[*types.Var]bool     // declared with a map that was just made
	size     map[*types.Var]ast.Expr // declared with make([]T, size)
}

// collectVars walks fn, which is a *ast.FuncDecl. isEntryArg reports whether
// the address taken by an expression goes only to a system call that keeps
// no hold of it.
func collectVars(info *types.Info, fn *ast.FuncDecl, isEntryArg func(ast.Expr) bool) *varFacts {
	v := &varFacts{
		info:     info,
		declared: map[*types.Var]ast.Node{},
		address:  map[*types.Var][]token.Pos{},
		captured: map[*types.Var][]token.Pos{},
		later:    func(token.Pos, *types.Var) bool { return false },
		assigned: map[*types.Var]int{},
		loopVar:  map[*types.Var]bool{},
		made:     map[*types.Var]bool{},
		size:     map[*types.Var]ast.Expr{},
	}
	var funcs []ast.Node
	var visit func(n ast.Node) bool
	walk := func(n ast.Node) { ast.Inspect(n, visit) }
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			funcs = append(funcs, n)
			v.signature(n)
			if d, ok := n.(*ast.FuncDecl); ok && d.Body != nil {
				walk(d.Body)
			} else if l, ok := n.(*ast.FuncLit); ok {
				walk(l.Body)
			}
			funcs = funcs[:len(funcs)-1]
			return false
		case *ast.DeferStmt:
			// A literal that is deferred on the spot runs only when the
			// function ends, in the same goroutine: what it captures is
			// not shared with anybody by that.
			if lit, ok := ast.Unparen(n.Call.Fun).(*ast.FuncLit); ok {
				for _, a := range n.Call.Args {
					walk(a)
				}
				v.signatureIn(lit, funcs[len(funcs)-1])
				walk(lit.Body)
				return false
			}
		case *ast.Ident:
			if obj, ok := info.Defs[n].(*types.Var); ok && !obj.IsField() {
				v.declared[obj] = funcs[len(funcs)-1]
			}
			if obj, ok := info.Uses[n].(*types.Var); ok && !obj.IsField() {
				if home, local := v.declared[obj]; local && home != funcs[len(funcs)-1] {
					v.captured[obj] = append(v.captured[obj], funcs[len(funcs)-1].Pos())
				}
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND && !isEntryArg(n) {
				v.expose(n.X)
			}
		case *ast.SliceExpr:
			if _, ok := types.Unalias(info.TypeOf(n.X)).Underlying().(*types.Array); ok && !isEntryArg(n) {
				v.expose(n.X)
			}
		case *ast.SelectorExpr:
			// A method value or call with a pointer receiver takes the address
			// of what is no pointer itself.
			_, pointer := types.Unalias(info.TypeOf(n.X)).Underlying().(*types.Pointer)
			if sel := info.Selections[n]; sel != nil && sel.Kind() != types.FieldVal && !pointer {
				if f, ok := sel.Obj().(*types.Func); ok {
					if _, ptr := f.Signature().Recv().Type().(*types.Pointer); ptr {
						v.expose(n.X)
					}
				}
			}
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				v.assign(l)
			}
			if n.Tok == token.DEFINE && len(n.Lhs) == len(n.Rhs) {
				for i, l := range n.Lhs {
					v.first(l, n.Rhs[i])
				}
			}
		case *ast.ValueSpec:
			if len(n.Names) == len(n.Values) {
				for i, l := range n.Names {
					v.first(l, n.Values[i])
				}
			}
		case *ast.IncDecStmt:
			v.assign(n.X)
		case *ast.RangeStmt:
			for _, e := range []ast.Expr{n.Key, n.Value} {
				v.assign(e)
				if id, ok := e.(*ast.Ident); ok {
					if obj, ok := info.Defs[id].(*types.Var); ok {
						v.loopVar[obj] = true
					}
				}
			}
		}
		return true
	}
	walk(fn)
	return v
}

// first notes what a variable is declared with.
func (v *varFacts) first(l, r ast.Expr) {
	id, ok := l.(*ast.Ident)
	if !ok {
		return
	}
	x, ok := v.info.Defs[id].(*types.Var)
	if !ok {
		return
	}
	_, isMap := types.Unalias(x.Type()).Underlying().(*types.Map)
	switch r := ast.Unparen(r).(type) {
	case *ast.CompositeLit:
		v.made[x] = isMap
	case *ast.CallExpr:
		if fun, ok := ast.Unparen(r.Fun).(*ast.Ident); ok && v.info.Uses[fun] == types.Universe.Lookup("make") {
			v.made[x] = isMap
			if len(r.Args) > 1 && !isMap {
				v.size[x] = r.Args[1]
			}
		}
	}
}

// signature declares the parameters and results of a function.
func (v *varFacts) signature(fn ast.Node) { v.signatureIn(fn, fn) }

func (v *varFacts) signatureIn(fn, home ast.Node) {
	declare := func(l *ast.FieldList, results bool) {
		if l == nil {
			return
		}
		for _, f := range l.List {
			for _, id := range f.Names {
				if obj, ok := v.info.Defs[id].(*types.Var); ok {
					v.declared[obj] = home
					v.loopVar[obj] = results // return statements write it
				}
			}
		}
	}
	switch fn := fn.(type) {
	case *ast.FuncDecl:
		declare(fn.Recv, false)
		declare(fn.Type.Params, false)
		declare(fn.Type.Results, true)
	case *ast.FuncLit:
		declare(fn.Type.Params, false)
		declare(fn.Type.Results, true)
	}
}

// expose marks the variable whose storage e lies in.
func (v *varFacts) expose(e ast.Expr) {
	if obj := v.storage(e); obj != nil {
		v.address[obj] = append(v.address[obj], e.Pos())
	}
}

// assign counts a write to a whole variable. Writes to a part of it (a field)
// count too: they matter to whoever wants the variable unchanged.
func (v *varFacts) assign(e ast.Expr) {
	if e == nil {
		return
	}
	if id, ok := ast.Unparen(e).(*ast.Ident); ok && v.info.Defs[id] != nil {
		return // its declaration
	}
	if obj := v.storage(e); obj != nil {
		v.assigned[obj]++
	}
}

// storage returns the variable whose own storage the location e lies in, or
// nil when e is reached through a pointer, slice or map.
func (v *varFacts) storage(e ast.Expr) *types.Var {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.Ident:
			obj, _ := v.info.ObjectOf(x).(*types.Var)
			return obj
		case *ast.SelectorExpr:
			sel := v.info.Selections[x]
			if sel == nil {
				obj, _ := v.info.Uses[x.Sel].(*types.Var) // pkg.Var
				return obj
			}
			if sel.Indirect() {
				return nil
			}
			e = x.X
		case *ast.IndexExpr:
			if _, ok := types.Unalias(v.info.TypeOf(x.X)).Underlying().(*types.Array); !ok {
				return nil
			}
			e = x.X
		default:
			return nil
		}
	}
}

// exposed reports whether somebody may have the address of x.
func (v *varFacts) exposed(x *types.Var) bool { return v.before(v.address[x], x) }

// isCaptured reports whether a function literal that uses x may have been made.
func (v *varFacts) isCaptured(x *types.Var) bool { return v.before(v.captured[x], x) }

func (v *varFacts) before(list []token.Pos, x *types.Var) bool {
	for _, p := range list {
		if !v.later(p, x) {
			return true
		}
	}
	return false
}

// private reports whether nobody but the function's own straight code can
// read or write x: a local whose address goes nowhere but to system calls.
func (v *varFacts) private(x *types.Var) bool {
	_, local := v.declared[x]
	return local && !v.exposed(x) && !v.isCaptured(x)
}

// constant reports whether x keeps the value it was declared with, whoever
// else may read it.
func (v *varFacts) constant(x *types.Var) bool {
	_, local := v.declared[x]
	return local && !v.exposed(x) && v.assigned[x] == 0 && !v.loopVar[x]
}

// steady reports whether x is written by nothing but its declaration, which
// for a range clause is every iteration.
func (v *varFacts) steady(x *types.Var) bool {
	_, local := v.declared[x]
	return local && !v.exposed(x) && v.assigned[x] == 0
}
