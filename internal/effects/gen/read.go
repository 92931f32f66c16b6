// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
)

// The symbolic reader runs a wrapper's body once, with parameters as symbols,
// and says which single system call it makes and how its results come about.
// It follows calls to other functions of the package, and gives up, with the
// reason, on everything that it does not know to be harmless.

// frame is one function activation.
type frame struct {
	v       *view
	sem     *sem // shared by the activations of one reading
	name    string
	locals  map[string]val
	results []string     // names of results, "" when unnamed
	rtypes  []types.Type // their types, nil where unknown
	depth   int
	scope   int            // nesting of blocks
	scopes  map[string]int // the scope in which each local was declared
	failed  bool           // an earlier branch returned the call's error, alone
}

// giveUp carries the reason out of the recursion.
type giveUp struct{ why string }

func fail(format string, args ...any) { panic(giveUp{fmt.Sprintf(format, args...)}) }

// rawCalls are the functions that enter the kernel, with the number of
// registers they pass and whether they report no error.
var rawCalls = map[string]struct {
	n       int
	noError bool
}{
	"Syscall": {3, false}, "Syscall6": {6, false}, "RawSyscall": {3, false}, "RawSyscall6": {6, false},
	"SyscallNoError": {3, true}, "RawSyscallNoError": {3, true},
	"rawSyscallNoError": {3, true}, "rawVforkSyscall": {0, true},
}

// read reads function name of v. The error says what it could not follow.
func (v *view) read(name string) (s *sem, err error) {
	defer func() {
		if e := recover(); e != nil {
			g, ok := e.(giveUp)
			if !ok {
				panic(e)
			}
			s, err = nil, fmt.Errorf("%s", g.why)
		}
	}()
	fd := v.funcs[name]
	if fd == nil {
		return nil, fmt.Errorf("no function %s for %s", name, v.port)
	}
	s = &sem{not: map[int]int64{}}
	var args []val
	for i, p := range v.params(fd) {
		var x val = arg{i, p.t}
		for _, g := range v.src.given[name] {
			switch {
			case g.param != p.name:
			case g.not:
				s.not[i] = g.value
			default:
				x = intVal(g.value)
			}
		}
		args = append(args, x)
	}
	s.results = v.run(s, fd, args, 0)
	if s.nr == nil {
		return nil, fmt.Errorf("makes no system call on %s", v.port)
	}
	return s, nil
}

// goParam is one parameter in source form.
type goParam struct {
	name string
	expr ast.Expr
	t    types.Type // nil where the type is of another package
}

func (v *view) params(fd *ast.FuncDecl) []goParam { return v.fieldList(fd.Type.Params) }

func (v *view) fieldList(l *ast.FieldList) (list []goParam) {
	if l == nil {
		return nil
	}
	for _, f := range l.List {
		t := v.typeOf(f.Type)
		if len(f.Names) == 0 {
			list = append(list, goParam{"", f.Type, t})
		}
		for _, n := range f.Names {
			list = append(list, goParam{n.Name, f.Type, t})
		}
	}
	return list
}

// run executes fd with args and returns its results.
func (v *view) run(s *sem, fd *ast.FuncDecl, args []val, depth int) []val {
	if fd.Body == nil {
		fail("%s has no Go body", fd.Name.Name)
	}
	if depth > 8 {
		fail("calls nest too deeply")
	}
	f := &frame{v: v, sem: s, name: fd.Name.Name, locals: map[string]val{}, scopes: map[string]int{}, depth: depth}
	for i, p := range v.params(fd) {
		if i >= len(args) {
			fail("%s is called with too few arguments", fd.Name.Name)
		}
		f.locals[p.name], f.scopes[p.name] = args[i], 1
	}
	for _, r := range v.fieldList(fd.Type.Results) {
		f.results = append(f.results, r.name)
		f.rtypes = append(f.rtypes, r.t)
		if r.name != "" {
			f.locals[r.name], f.scopes[r.name] = intVal(0), 1
		}
	}
	ret, done := f.block(fd.Body.List)
	if !done {
		if len(f.results) != 0 {
			fail("%s does not end in a return", fd.Name.Name)
		}
		return nil
	}
	return ret
}

// block runs statements; done reports that they returned ret.
func (f *frame) block(list []ast.Stmt) (ret []val, done bool) {
	f.scope++
	defer func() { f.scope-- }()
	for i, st := range list {
		if ret, done, skip := f.guard(list[i:]); done {
			return ret, true
		} else if skip {
			continue
		}
		if ret, done := f.stmt(st); done {
			return ret, true
		}
	}
	return nil, false
}

func (f *frame) stmt(st ast.Stmt) (ret []val, done bool) {
	switch st := st.(type) {
	case *ast.DeclStmt:
		f.decl(st)
	case *ast.AssignStmt:
		f.assign(st)
	case *ast.ExprStmt:
		call, ok := st.X.(*ast.CallExpr)
		if !ok {
			fail("expression statement")
		}
		f.call(call)
	case *ast.ReturnStmt:
		return f.ret(st), true
	case *ast.IfStmt:
		return f.ifStmt(st)
	case *ast.BlockStmt:
		return f.block(st.List)
	case *ast.EmptyStmt:
	default:
		fail("has a %T", st)
	}
	return nil, false
}

func (f *frame) decl(st *ast.DeclStmt) {
	d := st.Decl.(*ast.GenDecl)
	if d.Tok != token.VAR {
		fail("declares a %s", d.Tok)
	}
	for _, sp := range d.Specs {
		sp := sp.(*ast.ValueSpec)
		for i, n := range sp.Names {
			switch {
			case len(sp.Values) == 0:
				f.declare(n.Name, f.zero(sp.Type))
			case len(sp.Values) == len(sp.Names):
				x := f.expr(sp.Values[i])
				if sp.Type != nil {
					if t := f.v.typeOf(sp.Type); t != nil && isInteger(t) {
						x = f.v.convert(t, x)
					}
				}
				f.declare(n.Name, x)
			default:
				fail("declares variables from one call")
			}
		}
	}
}

// zero is the zero value of a declared local: pointers, errors and integers
// are 0; aggregates are not followed.
func (f *frame) zero(t ast.Expr) val {
	switch t := t.(type) {
	case *ast.StarExpr:
		return intVal(0)
	case *ast.Ident:
		if t.Name == "error" || isInteger(f.v.typeOf(t)) {
			return intVal(0)
		}
	case *ast.SelectorExpr:
		if types.ExprString(t) == "unsafe.Pointer" {
			return intVal(0)
		}
	}
	return opaque{"a local " + types.ExprString(t)}
}

// declare gives a new local its value. Locals are kept by name alone, so one
// that hides another is refused (parameters, results and the outermost block
// are one scope in Go).
func (f *frame) declare(name string, x val) {
	if name == "_" {
		return
	}
	if _, dup := f.locals[name]; dup && f.scopes[name] != max(f.scope, 1) {
		fail("declares a second %s", name)
	}
	f.scopes[name] = max(f.scope, 1)
	f.locals[name] = x
}

func (f *frame) set(l ast.Expr, x val, define bool) {
	id, ok := l.(*ast.Ident)
	if !ok {
		fail("stores into %s", types.ExprString(l))
	}
	if id.Name == "_" {
		return
	}
	if define {
		f.declare(id.Name, x)
		return
	}
	if _, local := f.locals[id.Name]; !local {
		if _, global := f.v.vars[id.Name]; global {
			fail("stores into %s", id.Name)
		}
	}
	f.locals[id.Name] = x
}

func (f *frame) assign(st *ast.AssignStmt) {
	if st.Tok != token.ASSIGN && st.Tok != token.DEFINE {
		fail("uses %s", st.Tok)
	}
	if len(st.Rhs) == 1 && len(st.Lhs) > 1 {
		call, ok := st.Rhs[0].(*ast.CallExpr)
		if !ok {
			fail("assigns %s", types.ExprString(st.Rhs[0]))
		}
		rs := f.call(call)
		if len(rs) < len(st.Lhs) {
			fail("cannot follow the results of %s", types.ExprString(call.Fun))
		}
		for i, l := range st.Lhs {
			f.set(l, rs[i], st.Tok == token.DEFINE)
		}
		return
	}
	var xs []val
	for _, r := range st.Rhs {
		xs = append(xs, f.expr(r))
	}
	for i, l := range st.Lhs {
		f.set(l, xs[i], st.Tok == token.DEFINE)
	}
}

func (f *frame) ret(st *ast.ReturnStmt) []val {
	var out []val
	switch {
	case len(st.Results) == 0:
		for _, n := range f.results {
			out = append(out, f.locals[n])
		}
	case len(st.Results) == 1 && len(f.results) > 1:
		call, ok := st.Results[0].(*ast.CallExpr)
		if !ok {
			fail("returns %s", types.ExprString(st.Results[0]))
		}
		out = f.call(call)
	default:
		for _, r := range st.Results {
			out = append(out, f.expr(r))
		}
	}
	if f.failed {
		if len(out) != 1 || out[0].String() != "0" {
			fail("returns %v after the call succeeded", out)
		}
		return []val{errOf{}}
	}
	return out
}

// ifStmt follows the conditions that mksyscall and the forwarders use.
func (f *frame) ifStmt(st *ast.IfStmt) (ret []val, done bool) {
	f.scope++
	defer func() { f.scope-- }()
	if st.Init != nil { // what it declares stays visible, but may hide nothing
		if _, done := f.stmt(st.Init); done {
			fail("has a strange initialiser")
		}
	}
	if c, ok := f.constExpr(st.Cond); ok {
		if constant.BoolVal(c) {
			return f.block(st.Body.List)
		}
		if st.Else != nil {
			return f.stmt(st.Else)
		}
		return nil, false
	}
	if f.excluded(st.Cond) {
		if st.Else != nil {
			return f.stmt(st.Else)
		}
		return nil, false
	}
	if f.sliceData(st) {
		return nil, false
	}
	b, ok := st.Cond.(*ast.BinaryExpr)
	if !ok || st.Else != nil {
		fail("branches on %s", types.ExprString(st.Cond))
	}
	x := f.expr(b.X)
	zero := false
	if y, ok := f.expr(b.Y).(known); ok && y.c.Kind() == constant.Int {
		zero = constant.Sign(y.c) == 0
	}
	switch {
	case x == pathErr{} && zero && b.Op == token.NEQ:
		// The copy of a path failed: the function must return that error
		// and zero values, and nothing else.
		branch := f.fork()
		rs, done := branch.block(st.Body.List)
		if !done || branch.sem.nr != f.sem.nr {
			fail("does more than return when a string holds a NUL byte")
		}
		for i, r := range rs {
			last := i == len(rs)-1
			if last && r.String() != "patherr" || !last && r.String() != "0" {
				fail("returns something else than zero values and the error when a string holds a NUL byte")
			}
		}
		f.replace(pathErr{}, intVal(0))
		return nil, false
	case x == errno{} && zero && b.Op == token.NEQ:
		branch := f.fork()
		rs, done := branch.block(st.Body.List)
		if done {
			// if errno != 0 { return ..., err }; the rest is the good case.
			return f.joinErr(rs, st)
		}
		for n, x := range branch.locals {
			if old := f.locals[n]; x != old {
				if x != (errOf{}) && x != (errno{}) || old != nil && old.String() != "0" {
					fail("sets %s when the call fails", n)
				}
				f.locals[n] = errOf{}
			}
		}
		return nil, false
	case x == errno{} && zero && b.Op == token.EQL:
		// if errno == 0 { return nil }; return errno
		branch := f.fork()
		rs, done := branch.block(st.Body.List)
		if !done || len(rs) != 1 || rs[0].String() != "0" || len(f.results) != 1 {
			fail("branches on success")
		}
		f.replace(errno{}, errOf{})
		return nil, false
	}
	fail("branches on %s", types.ExprString(st.Cond))
	return nil, false
}

// joinErr handles "if errno != 0 { return 0, errnoErr(errno) }": exact for
// callers only where the other results are r0 itself or absent.
func (f *frame) joinErr(rs []val, st *ast.IfStmt) ([]val, bool) {
	if len(rs) != 1 || rs[0] != (errOf{}) && rs[0] != (errno{}) {
		fail("returns other values than the kernel's when the call fails")
	}
	f.replace(errno{}, intVal(0))
	f.failed = true
	return nil, false
}

func (f *frame) fork() *frame {
	g := *f
	s := *f.sem
	g.sem = &s
	g.locals = map[string]val{}
	for n, x := range f.locals {
		g.locals[n] = x
	}
	g.scopes = maps.Clone(f.scopes)
	return &g
}

func (f *frame) replace(old, new val) {
	for n, x := range f.locals {
		if x == old {
			f.locals[n] = new
		}
	}
}

// excluded reports whether a condition never holds, because it demands of a
// parameter the one value that the overlay excludes.
func (f *frame) excluded(e ast.Expr) bool {
	b, ok := ast.Unparen(e).(*ast.BinaryExpr)
	switch {
	case !ok:
		return false
	case b.Op == token.LAND:
		return f.excluded(b.X)
	case b.Op != token.EQL:
		return false
	}
	id, ok := b.X.(*ast.Ident)
	if !ok {
		return false
	}
	x, ok := f.locals[id.Name].(arg)
	if !ok {
		return false
	}
	n, ok := f.sem.not[x.i]
	c, isConst := f.constExpr(b.Y)
	return ok && isConst && constant.Compare(c, token.EQL, constant.MakeInt64(n))
}
