// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"go/ast"
	"go/token"
	"go/types"
)

// facts is what the whole original function says about its variables, by
// name. Both executions use it: the edited version adds no variables of its
// own but those of the batches, which nothing else can see.
type facts struct {
	s *side
	// captured: a function literal uses the variable of an outer function, and
	// may run at any time, in any goroutine.
	capturedAt map[string][]token.Pos
	// deferred: the same, but only by literals that are deferred on the spot:
	// these run at exits, in this goroutine.
	deferred map[string]bool
	// taken: the variable's address is taken other than for a system call that
	// forgets it.
	takenAt map[string][]token.Pos
	// assigned: the variable is assigned to after its declaration.
	assigned map[string]bool
	// looped: a range clause assigns to the variable before each iteration.
	looped map[string]bool
	// results: named results, which callers see even after a panic.
	results map[string]bool
	// pointed: the variable's first value is certainly not nil.
	pointed map[string]bool
	// madeMap: the variable's first value is a map that was just made.
	madeMap map[string]bool
	// sizes: the variable's first value is make([]T, size).
	sizes  map[string]ast.Expr
	gotos  bool
	assume map[string]bool // rules that are relaxed
	// unsafe: the file imports package unsafe.
	unsafe bool
	// until is where the code that is looked at ends, loops are those around it.
	until    token.Pos
	loops    []ast.Node
	confines map[string]bool // answers of confined, as long as until stays
}

func gather(s *side) *facts {
	f := &facts{s: s,
		capturedAt: map[string][]token.Pos{}, deferred: map[string]bool{}, takenAt: map[string][]token.Pos{},
		assigned: map[string]bool{}, looped: map[string]bool{}, results: map[string]bool{}, pointed: map[string]bool{},
		madeMap: map[string]bool{}, sizes: map[string]ast.Expr{}, confines: map[string]bool{}}
	f.declarations()
	var stack []ast.Node
	ast.Inspect(s.Decl, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		f.visit(n, stack)
		stack = append(stack, n)
		return true
	})
	return f
}

// declarations finds where each variable is declared, for captures.
func (f *facts) declarations() {
	fields := func(ft *ast.FuncType) {
		if ft.Results == nil {
			return
		}
		for _, r := range ft.Results.List {
			for _, id := range r.Names {
				if obj := f.s.object(id); obj != nil {
					f.results[f.s.name(obj)] = true
				}
			}
		}
	}
	ast.Inspect(f.s.Decl, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			fields(n.Type)
		case *ast.FuncLit:
			fields(n.Type)
		}
		return true
	})
}

func (f *facts) visit(n ast.Node, stack []ast.Node) {
	switch n := n.(type) {
	case *ast.Ident:
		f.use(n, stack)
	case *ast.BranchStmt:
		f.gotos = f.gotos || n.Tok == token.GOTO
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			f.assign(n.X) // by the kernel, if by nobody else
			if !f.forCall(n, stack) {
				f.take(n.X)
			}
		}
	case *ast.SliceExpr:
		if _, ok := f.under(n.X).(*types.Array); ok {
			f.assign(n.X)
			if !f.forCall(n, stack) {
				f.take(n.X)
			}
		}
	case *ast.SelectorExpr:
		// A method with a pointer receiver takes the operand's address.
		if sel := f.s.Info.Selections[n]; sel != nil && sel.Kind() == types.MethodVal {
			if recv := sel.Obj().(*types.Func).Signature().Recv(); recv != nil {
				_, byPointer := recv.Type().Underlying().(*types.Pointer)
				if _, isPointer := f.under(n.X).(*types.Pointer); byPointer && !isPointer {
					f.take(n.X)
				}
			}
		}
	case *ast.AssignStmt:
		for _, l := range n.Lhs {
			id, ok := ast.Unparen(l).(*ast.Ident)
			if ok && n.Tok == token.DEFINE && f.s.Info.Defs[id] != nil {
				continue
			}
			f.assign(l)
		}
		if n.Tok == token.DEFINE && len(n.Lhs) == len(n.Rhs) {
			for i, l := range n.Lhs {
				f.initial(l, n.Rhs[i])
			}
		}
	case *ast.ValueSpec:
		if len(n.Names) == len(n.Values) {
			for i, id := range n.Names {
				f.initial(id, n.Values[i])
			}
		}
	case *ast.IncDecStmt:
		f.assign(n.X)
	case *ast.RangeStmt:
		for _, e := range []ast.Expr{n.Key, n.Value} {
			if n.Tok == token.ASSIGN {
				f.assign(e)
			} else if v := f.s.variable(e); v != nil {
				f.looped[f.s.name(v)] = true
			}
		}
	}
}

// use records captures.
func (f *facts) use(id *ast.Ident, stack []ast.Node) {
	v, ok := f.s.Info.Uses[id].(*types.Var)
	if !ok || v.IsField() || f.s.names[v] == "" {
		return
	}
	name := f.s.name(v)
	for i, n := range stack {
		lit, ok := n.(*ast.FuncLit)
		if !ok || lit.Pos() <= v.Pos() && v.Pos() < lit.End() {
			continue
		}
		onTheSpot := false
		if i >= 2 {
			call, isCall := stack[i-1].(*ast.CallExpr)
			_, isDefer := stack[i-2].(*ast.DeferStmt)
			onTheSpot = isCall && isDefer && call.Fun == ast.Expr(lit)
		}
		if onTheSpot {
			f.deferred[name] = true
		} else {
			f.capturedAt[name] = append(f.capturedAt[name], lit.Pos())
		}
	}
}

// forCall reports whether an address is the argument of a system call that
// forgets it when it returns, made here and now.
func (f *facts) forCall(n ast.Expr, stack []ast.Node) bool {
	i := len(stack) - 1
	for i >= 0 {
		if _, ok := stack[i].(*ast.ParenExpr); !ok {
			break
		}
		i--
	}
	if i < 0 {
		return false
	}
	call, ok := stack[i].(*ast.CallExpr)
	if !ok || i == 0 || f.s.syscall(call, "") == nil {
		return false
	}
	switch p := stack[i-1].(type) {
	case *ast.GoStmt, *ast.DeferStmt:
		return false
	default:
		_ = p
	}
	for _, a := range call.Args {
		if a.Pos() <= n.Pos() && n.End() <= a.End() {
			return true
		}
	}
	return false
}

// take marks the variable that an operand lies in.
func (f *facts) take(e ast.Expr) {
	if v := f.root(e); v != nil {
		name := f.s.name(v)
		f.takenAt[name] = append(f.takenAt[name], e.Pos())
	}
}

func (f *facts) assign(e ast.Expr) {
	if e == nil {
		return
	}
	if v := f.root(e); v != nil {
		f.assigned[f.s.name(v)] = true
	}
}

func (f *facts) initial(l, r ast.Expr) {
	v := f.s.variable(l)
	if v == nil {
		return
	}
	_, isMap := v.Type().Underlying().(*types.Map)
	switch r := ast.Unparen(r).(type) {
	case *ast.UnaryExpr:
		if r.Op != token.AND {
			return
		}
	case *ast.CompositeLit:
		f.madeMap[f.s.name(v)] = isMap
		return
	case *ast.CallExpr:
		id, ok := ast.Unparen(r.Fun).(*ast.Ident)
		if ok && f.s.object(id) == types.Universe.Lookup("make") {
			f.madeMap[f.s.name(v)] = isMap
			if len(r.Args) > 1 && !isMap {
				f.sizes[f.s.name(v)] = r.Args[1]
			}
		}
		if !ok || f.s.object(id) != types.Universe.Lookup("new") {
			return
		}
	default:
		return
	}
	f.pointed[f.s.name(v)] = true
}

// root is the variable that an operand is stored in, or nil if it lies behind
// a pointer or in no variable.
func (f *facts) root(e ast.Expr) *types.Var {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.Ident:
			return f.s.variable(x)
		case *ast.SelectorExpr:
			if sel := f.s.Info.Selections[x]; sel == nil {
				v, _ := f.s.object(x.Sel).(*types.Var)
				return v
			} else if sel.Indirect() {
				// An embedded pointer on the way still leaves the operand's own
				// variable untouched; a pointer operand does too.
				return nil
			}
			e = x.X
		case *ast.IndexExpr:
			if _, ok := f.under(x.X).(*types.Array); !ok {
				return nil
			}
			e = x.X
		default:
			return nil
		}
	}
}

func (f *facts) under(e ast.Expr) types.Type {
	return f.s.typeOf(e).Underlying()
}

// captured reports whether a function literal that uses the variable may have
// been made before the code that is looked at ends.
func (f *facts) captured(name string) bool { return f.before(f.capturedAt[baseOf(name)], name) }

// taken reports the same of the variable's address.
func (f *facts) taken(name string) bool { return f.before(f.takenAt[baseOf(name)], name) }

func (f *facts) before(list []token.Pos, name string) bool {
	v, ok := f.s.byName[baseOf(name)].(*types.Var)
	for _, p := range list {
		if !ok || !f.after(p, v) {
			return true
		}
	}
	return false
}

// global reports whether the name is not of this function.
func (f *facts) global(name string) bool { return f.s.byName[baseOf(name)] == nil }

// stable reports whether a variable keeps its first value.
func (f *facts) stable(name string) bool {
	name = baseOf(name)
	return !f.global(name) && !f.assigned[name] && !f.taken(name) && !f.results[name]
}

// foreign reports whether pointers and code that are not looked at may reach
// the variable.
func (f *facts) foreign(name string) bool { return f.global(name) || f.taken(name) }

// shared reports whether one goroutine may read the variable while another one
// writes it. What keeps its first value is not written.
func (f *facts) shared(name string) bool {
	name = baseOf(name)
	return f.foreign(name) || f.captured(name) && (f.assigned[name] || f.looped[name] || f.results[name])
}

// assignedIn are the variables that a piece of code assigns to, as they are
// called in the iteration that is executed.
func (c *checker) assignedIn(s *side, n ast.Node) map[string]bool {
	m := map[string]bool{}
	for _, v := range c.assigns(s, n) {
		m[s.name(v)] = true
	}
	return m
}

// assigns are the variables that a piece of code assigns to.
func (c *checker) assigns(s *side, n ast.Node) []*types.Var {
	if list, ok := c.effectsOf[n]; ok {
		return list
	}
	var list []*types.Var
	f := facts{s: s}
	note := func(e ast.Expr) {
		if e == nil {
			return
		}
		if v := f.root(e); v != nil {
			list = append(list, v)
		}
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				note(l)
			}
		case *ast.ValueSpec:
			for _, id := range n.Names {
				note(id)
			}
		case *ast.IncDecStmt:
			note(n.X)
		case *ast.RangeStmt:
			note(n.Key)
			note(n.Value)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				note(n.X)
			}
		case *ast.SliceExpr:
			if _, array := f.under(n.X).(*types.Array); array {
				note(n.X)
			}
		}
		return true
	})
	c.effectsOf[n] = list
	return list
}

// mentionedIn are the variables that a piece of code names.
func (c *checker) mentionedIn(s *side, n ast.Node) map[string]bool {
	m := map[string]bool{}
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v, ok := s.object(id).(*types.Var); ok && !v.IsField() {
				m[s.name(v)] = true
			}
		}
		return true
	})
	return m
}
