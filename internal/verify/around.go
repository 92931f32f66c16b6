// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"go/ast"
	"go/scanner"
	"go/token"
	"go/types"
)

// notNil are the variables that are known not to be nil where the region
// begins: pointers to what was just made, and pointers that every way to the
// region has already followed. Only variables that keep their value count.
func (c *checker) notNil() map[string]bool {
	known := map[string]bool{}
	f := c.facts
	for name := range f.pointed {
		if f.stable(name) {
			known[name] = true
		}
	}
	if f.gotos {
		return known // labels may be come to past what stands before them
	}
	l := looker{s: c.orig, f: f, nonnil: map[string]bool{}}
	for k, fr := range c.frames {
		for _, st := range fr.orig[:min(fr.oi, len(fr.orig))] {
			l.before(st, known)
		}
		if k+1 < len(c.frames) {
			l.headOf(fr.orig[fr.oi], c.frames[k+1].owner, known)
		}
	}
	return known
}

// followed adds the pointers that evaluating e certainly follows.
func (l *looker) followed(e ast.Expr, known map[string]bool) {
	if e == nil {
		return
	}
	note := func(p ast.Expr) {
		t := l.s.typeOf(p)
		if v := l.s.variable(p); v != nil && isPointer(t) && l.f.stable(l.s.name(v)) {
			known[l.s.name(v)] = true
		}
	}
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false // runs later, if at all
		case *ast.BinaryExpr:
			if n.Op == token.LAND || n.Op == token.LOR {
				l.followed(n.X, known)
				return false
			}
		case *ast.CallExpr:
			if l.s.Info.Types[n].Value != nil || l.s.Info.Types[n.Fun].IsBuiltin() {
				return false // may not evaluate its argument
			}
		case *ast.SelectorExpr:
			if sel := l.s.Info.Selections[n]; sel != nil && sel.Kind() == types.FieldVal {
				note(n.X)
			}
		case *ast.StarExpr:
			note(n.X)
		case *ast.IndexExpr: // of an array behind a pointer
			note(n.X)
		}
		return true
	})
}

// ranged is followed for a range expression. Of an array only the length may
// be needed, which is a constant.
func (l *looker) ranged(e ast.Expr, known map[string]bool) {
	t := l.s.typeOf(e).Underlying()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	if _, array := t.(*types.Array); !array {
		l.followed(e, known)
	}
}

// before adds what a statement in front of the region tells.
func (l *looker) before(st ast.Stmt, known map[string]bool) {
	switch st := st.(type) {
	case *ast.ExprStmt:
		l.followed(st.X, known)
	case *ast.IncDecStmt:
		l.followed(st.X, known)
	case *ast.RangeStmt:
		l.ranged(st.X, known)
	case *ast.AssignStmt:
		for _, e := range append(st.Rhs[:len(st.Rhs):len(st.Rhs)], st.Lhs...) {
			l.followed(e, known)
		}
	case *ast.DeclStmt:
		if g, ok := st.Decl.(*ast.GenDecl); ok && g.Tok == token.VAR {
			for _, s := range g.Specs {
				for _, e := range s.(*ast.ValueSpec).Values {
					l.followed(e, known)
				}
			}
		}
	case *ast.IfStmt:
		if st.Init != nil {
			l.before(st.Init, known)
		}
		l.followed(st.Cond, known)
		// if p == nil { return }
		if st.Else == nil && l.s.leaves(st.Body.List, false) {
			l.compared(st.Cond, false, known)
		}
	case *ast.SwitchStmt:
		if st.Init != nil {
			l.before(st.Init, known)
		}
		l.followed(st.Tag, known)
	case *ast.LabeledStmt:
		l.before(st.Stmt, known)
	}
}

// compared adds the pointers that are not nil where a condition has the given
// truth.
func (l *looker) compared(e ast.Expr, truth bool, known map[string]bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			l.compared(e.X, !truth, known)
		}
	case *ast.BinaryExpr:
		switch {
		case e.Op == token.LAND && truth, e.Op == token.LOR && !truth:
			l.compared(e.X, truth, known)
			l.compared(e.Y, truth, known)
		case e.Op == token.NEQ && truth, e.Op == token.EQL && !truth:
			x, y := e.X, e.Y
			if l.s.Info.Types[x].IsNil() {
				x, y = y, x
			}
			if v := l.s.variable(x); v != nil && l.s.Info.Types[y].IsNil() && l.f.stable(l.s.name(v)) {
				known[l.s.name(v)] = true
			}
		}
	}
}

// headOf adds what the head of a statement tells about the list inside of it.
func (l *looker) headOf(st ast.Stmt, inner ast.Node, known map[string]bool) {
	switch st := st.(type) {
	case *ast.LabeledStmt:
		l.headOf(st.Stmt, inner, known)
	case *ast.IfStmt:
		if st.Init != nil {
			l.before(st.Init, known)
		}
		l.followed(st.Cond, known)
		switch {
		case inner == ast.Node(st.Body):
			l.compared(st.Cond, true, known)
		case inner == ast.Node(st.Else):
			l.compared(st.Cond, false, known)
		default:
			if e, ok := st.Else.(*ast.IfStmt); ok && e.Pos() <= inner.Pos() && inner.End() <= e.End() {
				l.compared(st.Cond, false, known)
				l.headOf(e, inner, known)
			}
		}
	case *ast.ForStmt:
		if st.Init != nil {
			l.before(st.Init, known)
		}
		l.followed(st.Cond, known)
		if st.Cond != nil && inner == ast.Node(st.Body) {
			l.compared(st.Cond, true, known)
		}
	case *ast.RangeStmt:
		l.ranged(st.X, known)
	case *ast.SwitchStmt:
		if st.Init != nil {
			l.before(st.Init, known)
		}
		l.followed(st.Tag, known)
	}
}

// alive checks that what an entry's arguments were taken out of is not
// collected before the batch has run: in the original it was in use until the
// argument was evaluated, after the calls before it.
func (c *checker) alive(b *batch, moved []ast.Stmt, nonnil map[string]bool) {
	held := map[string]bool{}
	l := looker{s: c.edit, f: c.facts, nonnil: nonnil, below: c.below, pure: c.pure}
	for _, x := range b.entries {
		for _, a := range x.call.Args {
			if at, ok := l.pointee(a); ok && at.mem {
				held[at.root] = true
			}
		}
	}
	check := func(n ast.Node, through []string) {
		for _, name := range through {
			obj := c.orig.byName[name]
			if obj == nil || held[name] || b.keep[name] || !pointers(obj.Type()) {
				continue
			}
			if !c.usedLater(name) {
				c.edit.fail(n, "nothing keeps %s alive until the batch has run", obj.Name())
			}
		}
	}
	for _, st := range moved {
		check(st, l.silent(st).through)
	}
	for k, x := range b.entries {
		if k == 0 {
			continue
		}
		for _, a := range x.call.Args {
			check(a, l.look(a).through)
		}
	}
}

// usedLater reports whether the edited code after the batch uses a variable.
func (c *checker) usedLater(name string) bool {
	uses := func(n ast.Node) bool {
		found := false
		ast.Inspect(n, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.IfStmt: // what is never compiled keeps nothing alive
				if c.edit.Info.Types[n.Cond].Value != nil {
					return false
				}
			case ast.Expr:
				if c.edit.Info.Types[n].Value != nil {
					return false
				}
			}
			if id, ok := n.(*ast.Ident); ok {
				if obj := c.edit.object(id); obj != nil && c.edit.names[obj] == name {
					found = true
				}
			}
			return !found
		})
		return found
	}
	for k := len(c.frames) - 1; k >= 0; k-- {
		fr := c.frames[k]
		from := fr.ei
		if k < len(c.frames)-1 {
			// The statement that the inner list is in has come to its end, or, if
			// it is a loop, comes again to what uses the variable.
			st := fr.edit[from]
			if l, ok := st.(*ast.LabeledStmt); ok {
				st = l.Stmt
			}
			var body *ast.BlockStmt
			switch st := st.(type) {
			case *ast.ForStmt:
				body = st.Body
			case *ast.RangeStmt:
				body = st.Body
			}
			if body != nil && c.edit.byName[name].Pos() < st.Pos() && uses(st) && !c.edit.leaves(body.List, true) {
				return true
			}
			from++
		}
		for _, st := range fr.edit[min(from, len(fr.edit)):] {
			if uses(st) {
				return true
			}
		}
		for _, st := range fr.edit[:min(fr.ei, len(fr.edit))] {
			if d, ok := st.(*ast.DeferStmt); ok && c.holds(d.Call, name, uses) {
				return true
			}
		}
		if fr.lit {
			return false // what runs after the function literal is not known
		}
	}
	return false
}

// holds reports whether a deferred call keeps a variable's object until it is
// made: a literal that uses the variable does, and so does the value itself
// as an argument or receiver.
func (c *checker) holds(call *ast.CallExpr, name string, uses func(ast.Node) bool) bool {
	is := func(e ast.Expr) bool {
		v := c.edit.variable(e)
		return v != nil && c.edit.names[v] == name
	}
	for _, a := range call.Args {
		if is(a) {
			return true
		}
	}
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.FuncLit:
		return uses(f)
	case *ast.SelectorExpr:
		sel := c.edit.Info.Selections[f]
		if sel == nil || sel.Kind() != types.MethodVal || !is(f.X) {
			return false
		}
		recv := sel.Obj().(*types.Func).Signature().Recv()
		return recv != nil && isPointer(recv.Type()) && len(sel.Index()) == 1
	}
	return false
}

// pointers reports whether a value of the type may hold a pointer.
func pointers(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Kind() == types.UnsafePointer || t.Info()&types.IsString != 0
	case *types.Array:
		return pointers(t.Elem())
	case *types.Struct:
		for i := range t.NumFields() {
			if pointers(t.Field(i).Type()) {
				return true
			}
		}
		return false
	}
	return true
}

// comments checks that no comment of the function is lost.
func (c *checker) comments() {
	left := map[string]int{}
	for _, t := range commentsOf(c.edit) {
		left[t]++
	}
	for _, t := range commentsOf(c.orig) {
		if left[t] == 0 {
			c.orig.fail(c.orig.Decl, "the comment %q is lost", t)
		}
		left[t]--
	}
}

func commentsOf(s *side) []string {
	tf := s.Fset.File(s.Decl.Pos())
	from, to := tf.Offset(s.Decl.Pos()), tf.Offset(s.Decl.End())
	if s.Decl.Doc != nil {
		from = tf.Offset(s.Decl.Doc.Pos())
	}
	if to > len(s.Src) {
		s.fail(s.Decl, "the source does not belong to the syntax")
	}
	// To the end of the line: a comment may follow the closing brace.
	for to < len(s.Src) && s.Src[to] != '\n' {
		to++
	}
	src := s.Src[from:to]
	fset := token.NewFileSet()
	var sc scanner.Scanner
	sc.Init(fset.AddFile("", -1, len(src)), src, nil, scanner.ScanComments)
	var list []string
	for {
		_, tok, lit := sc.Scan()
		if tok == token.EOF {
			return list
		}
		if tok == token.COMMENT {
			list = append(list, lit)
		}
	}
}
