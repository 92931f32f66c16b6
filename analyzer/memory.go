// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// loc is a piece of memory named by source code: the storage of a variable,
// or what a pointer or slice variable refers to, narrowed by fields and
// constant array indexes. The zero loc is memory nothing is known of.
type loc struct {
	root  *types.Var
	deref bool // what root points to rather than root itself
	path  []int64
	typ   types.Type // of what is read or written there; nil if unknown
	expr  ast.Expr   // for messages
}

// constIndex marks constant array indexes in a path; they must not be
// mistaken for fields.
const constIndex = 1 << 32

// anyIndex is a step to an element that is not known.
const anyIndex = -1

// locOf names the memory that the addressable expression e denotes.
func (f *function) locOf(e ast.Expr) loc {
	l := f.place(e)
	l.typ = f.pass.TypesInfo.TypeOf(e)
	l.expr = e
	return l
}

func (f *function) place(e ast.Expr) loc {
	info := f.pass.TypesInfo
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		if obj, ok := info.ObjectOf(x).(*types.Var); ok {
			return loc{root: obj}
		}
	case *ast.SelectorExpr:
		sel := info.Selections[x]
		if sel == nil {
			if obj, ok := info.Uses[x.Sel].(*types.Var); ok {
				return loc{root: obj}
			}
			return loc{}
		}
		if sel.Kind() != types.FieldVal {
			return loc{}
		}
		base := f.place(x.X)
		typ := info.TypeOf(x.X)
		for _, i := range sel.Index() {
			st, ok := types.Unalias(typ).Underlying().(*types.Struct)
			if !ok {
				ptr, isPtr := types.Unalias(typ).Underlying().(*types.Pointer)
				if !isPtr {
					return loc{}
				}
				if base = base.follow(); base.root == nil {
					return loc{}
				}
				if st, ok = types.Unalias(ptr.Elem()).Underlying().(*types.Struct); !ok {
					return loc{}
				}
			}
			if base.root == nil {
				return loc{}
			}
			base = base.at(int64(i))
			typ = st.Field(i).Type()
		}
		return base
	case *ast.IndexExpr:
		switch t := types.Unalias(info.TypeOf(x.X)).Underlying().(type) {
		case *types.Array:
			base := f.place(x.X)
			if base.root == nil {
				return loc{}
			}
			return base.at(f.indexStep(x.Index))
		case *types.Pointer: // to an array
			_ = t
			return f.element(x)
		case *types.Slice:
			return f.element(x)
		}
	case *ast.StarExpr:
		return f.place(x.X).follow()
	}
	return loc{}
}

// element is the element of a slice, or of an array behind a pointer.
func (f *function) element(x *ast.IndexExpr) loc {
	l := f.place(x.X).follow()
	if l.root == nil {
		return l
	}
	return l.at(f.indexStep(x.Index))
}

// follow is the memory that the pointer or slice stored at l refers to. Only
// pointers that are a variable themselves are told apart.
func (l loc) follow() loc {
	if l.root == nil || l.deref || len(l.path) > 0 {
		return loc{}
	}
	return loc{root: l.root, deref: true}
}

func (l loc) at(step int64) loc {
	p := make([]int64, len(l.path)+1)
	copy(p, l.path)
	p[len(l.path)] = step
	l.path = p
	return l
}

// own reports whether l is storage of a variable that nobody else can write
// to (and, but for variables that never change, read).
func (f *function) own(l loc) bool {
	return l.root != nil && !l.deref && (f.vars.private(l.root) || f.vars.constant(l.root) && !f.isDestination(l.root))
}

// mayAlias reports whether a and b can overlap.
func (f *function) mayAlias(a, b loc) bool {
	switch {
	case a.root != nil && a.root == b.root && a.deref == b.deref:
		n := min(len(a.path), len(b.path))
		for i := range n {
			if a.path[i] != b.path[i] && a.path[i] != anyIndex && b.path[i] != anyIndex {
				return false
			}
		}
		return true
	case f.own(a) || f.own(b):
		return false
	case a.root != b.root && (f.ownMemory(a) || f.ownMemory(b)):
		return false
	case a.root != nil && b.root != nil && !a.deref && !b.deref:
		return false // two different variables
	}
	// Where package unsafe is not at work, memory has one type.
	return f.file.unsafe || !apart(a.typ, b.typ)
}

// apart reports whether two places of these types cannot overlap: neither
// type is, or contains, the other.
func apart(a, b types.Type) bool {
	return a != nil && b != nil && !generic(a) && !generic(b) && !contains(a, b, 0) && !contains(b, a, 0)
}

// generic reports whether a type depends on a type parameter: it may be any other
// one, then.
func generic(t types.Type) bool {
	seen := map[types.Type]bool{}
	var in func(t types.Type) bool
	in = func(t types.Type) bool {
		if t = types.Unalias(t); seen[t] {
			return false
		}
		seen[t] = true
		switch t := t.(type) {
		case *types.TypeParam:
			return true
		case *types.Named:
			for a := range t.TypeArgs().Types() {
				if in(a) {
					return true
				}
			}
			// A type declared in a generic function.
			return t.Obj().Pkg() != nil && t.Obj().Parent() != t.Obj().Pkg().Scope() && in(t.Underlying())
		case *types.Map:
			return in(t.Key()) || in(t.Elem())
		case *types.Struct:
			for f := range t.Fields() {
				if in(f.Type()) {
					return true
				}
			}
		case *types.Tuple:
			for v := range t.Variables() {
				if in(v.Type()) {
					return true
				}
			}
		case *types.Signature:
			return in(t.Params()) || in(t.Results())
		case *types.Interface:
			for m := range t.Methods() {
				if in(m.Type()) {
					return true
				}
			}
		case interface{ Elem() types.Type }: // pointer, slice, array, channel
			return in(t.Elem())
		}
		return false
	}
	return in(t)
}

// contains reports whether a value of type a may hold one of type b in its own
// storage. What is not known does.
func contains(a, b types.Type, depth int) bool {
	a, b = types.Unalias(a), types.Unalias(b)
	if depth > 8 || isTypeParam(a) || isTypeParam(b) {
		return true
	}
	// Named types of the same shape may be views of the same memory.
	if types.IdenticalIgnoreTags(a.Underlying(), b.Underlying()) {
		return true
	}
	switch u := a.Underlying().(type) {
	case *types.Struct:
		for i := range u.NumFields() {
			if contains(u.Field(i).Type(), b, depth+1) {
				return true
			}
		}
	case *types.Array:
		// Arrays of different length may be views of one slice.
		if v, ok := b.Underlying().(*types.Array); ok && contains(u.Elem(), v.Elem(), depth+1) {
			return true
		}
		return contains(u.Elem(), b, depth+1)
	case *types.Basic:
		// A conversion of pointers lets no two different basic types meet, but a
		// helper in another file may see a structure's memory as bytes: numbers and
		// booleans are kept together.
		const plain = types.IsNumeric | types.IsBoolean
		v, ok := b.Underlying().(*types.Basic)
		return u.Kind() == types.Invalid || ok && (v.Kind() == types.Invalid || u.Info()&plain != 0 && v.Info()&plain != 0)
	}
	return false
}

// memoryOf names the memory behind an argument that a system call reads or
// writes; ok is false when the argument is nil.
func (f *function) memoryOf(arg ast.Expr) (l loc, ok bool) {
	info := f.pass.TypesInfo
	l.expr = arg
	if tv := info.Types[arg]; tv.IsNil() {
		return l, false
	}
	defer func() { l.typ, l.expr = elemType(info.TypeOf(arg)), arg }()
	switch x := ast.Unparen(arg).(type) {
	case *ast.UnaryExpr:
		if x.Op == token.AND {
			if _, lit := ast.Unparen(x.X).(*ast.CompositeLit); lit {
				return l, false // fresh memory that only the call sees
			}
			l = f.place(x.X)
		}
	case *ast.Ident, *ast.SelectorExpr:
		l = f.place(arg).follow()
	case *ast.SliceExpr:
		if _, arr := types.Unalias(info.TypeOf(x.X)).Underlying().(*types.Array); arr {
			l = f.place(x.X)
		} else {
			l = f.place(x.X).follow()
		}
	case *ast.CallExpr:
		// A conversion between slice types keeps the memory; string to
		// []byte makes its own.
		if tv := info.Types[x.Fun]; tv.IsType() && len(x.Args) == 1 {
			if b, ok := types.Unalias(info.TypeOf(x.Args[0])).Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
				return l, false
			}
			return f.memoryOf(x.Args[0])
		}
	}
	return l, true
}

// elemType is the type of what a pointer, slice or array expression leads to;
// nil if that is not known.
func elemType(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	switch u := types.Unalias(t).Underlying().(type) {
	case *types.Pointer:
		return u.Elem()
	case *types.Slice:
		return u.Elem()
	case *types.Array:
		return u.Elem()
	case *types.Basic:
		if u.Info()&types.IsString != 0 {
			return types.Typ[types.Byte]
		}
	}
	return nil
}

func constInt(info *types.Info, e ast.Expr) (int64, bool) {
	tv := info.Types[e]
	if tv.Value == nil || tv.Value.Kind() != constant.Int {
		return 0, false
	}
	return constant.Int64Val(tv.Value)
}
