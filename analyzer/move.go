// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"github.com/autobatch/autobatch/plan"
)

// refusal says which rule forbids something, and why in the user's words.
type refusal struct {
	reason plan.Reason
	text   string
	pos    token.Pos
}

func refuse(r plan.Reason, at ast.Node, format string, args ...any) *refusal {
	return &refusal{r, fmt.Sprintf(format, args...), at.Pos()}
}

// mover decides whether an expression may be evaluated earlier than it
// stands: it must not panic, end within a fixed bound, have no effect, and
// its loads are recorded so that the caller can hold them against what is
// written in between.
//
// Variants: constants; variables; fields, also behind pointers that are known
// not to be nil; constant indexes of arrays; addresses of all these; slices of
// whole slices and arrays; arithmetic without division by a variable;
// conversions between numbers, strings and []byte; len, cap, min, max;
// composite literals of structs, arrays and slices; elements of slices, strings
// and arrays at an index that is known to be in range; reading maps; calls of
// functions that are known to be pure.
//
// Restrictions: everything unlisted is refused. In particular indexing out of
// range, dereferencing a pointer that may be nil, shifts by a signed variable,
// comparing interfaces, type assertions, other calls.
type mover struct {
	f      *function
	seen   []ast.Expr // what is evaluated at the same place, but before
	stays  bool       // the code stays behind names that are declared between the calls
	loads  []loc
	writes *[]loc // of append; nil where nothing may be written
	lefts  []left
	given  *ast.CallExpr // a call that is made already
	makes  bool          // make with a constant length is allowed: each iteration needs its own
	copies bool          // it makes something that costs: memory, or the work of a function
	bad    *refusal
}

// movable collects the loads of e, or says why e cannot be evaluated at the
// statement that the walk is at, right after the expressions seen.
func (f *function) movable(e ast.Expr, seen []ast.Expr) ([]loc, *refusal) {
	m := &mover{f: f, seen: seen}
	m.value(e)
	return m.loads, m.bad
}

func (m *mover) refuse(r plan.Reason, at ast.Node, format string, args ...any) {
	if m.bad == nil {
		m.bad = refuse(r, at, format, args...)
	}
}

// value visits an expression that is evaluated for its value.
func (m *mover) value(e ast.Expr) {
	if m.bad != nil {
		return
	}
	info := m.f.pass.TypesInfo
	tv := info.Types[e]
	if tv.Value != nil || tv.IsNil() || tv.IsType() {
		m.names(e)
		return
	}
	if n, ok := types.Unalias(tv.Type).(*types.Named); ok {
		// Under other constraints its values may be compared, indexed or converted
		// in another way.
		obj := n.Obj()
		if obj.Pkg() == m.f.pass.Pkg && obj.Parent() == obj.Pkg().Scope() && !m.f.file.sameConfig(obj.Pos()) {
			m.refuse(plan.Build, e, "%s is defined in a file with other build constraints", obj.Name())
			return
		}
	}
	if t := tv.Type; t != nil && isTypeParam(t) {
		m.refuse(plan.Panic, e, "%s has a type parameter's type", m.f.src(e))
		return
	}
	switch x := e.(type) {
	case *ast.ParenExpr:
		m.value(x.X)
	case *ast.Ident:
		switch info.ObjectOf(x).(type) {
		case *types.Var:
			m.load(x)
		case *types.Func:
			m.refuse(plan.Effect, x, "function value %s", x.Name)
		default:
			m.refuse(plan.Effect, x, "%s is not a variable", x.Name)
		}
	case *ast.SelectorExpr:
		if m.place(x) {
			m.load(x)
		}
	case *ast.IndexExpr:
		switch u := types.Unalias(info.TypeOf(x.X)).Underlying().(type) {
		case *types.Map:
			if m.key(x) {
				m.value(x.X)
				m.loads = append(m.loads, m.f.behind(x.X))
			}
			return
		case *types.Basic:
			if u.Info()&types.IsString != 0 {
				if !m.f.inRange(x) {
					m.refuse(plan.Panic, x, "indexing %s may panic", m.f.src(x))
				}
				m.value(x.X)
				m.value(x.Index)
				return
			}
		}
		if m.place(x) {
			m.load(x)
		}
	case *ast.StarExpr:
		if m.place(x) {
			m.load(x)
		}
	case *ast.UnaryExpr:
		switch x.Op {
		case token.AND:
			if lit, ok := ast.Unparen(x.X).(*ast.CompositeLit); ok {
				m.value(lit)
				return
			}
			m.place(x.X)
		case token.ADD, token.SUB, token.XOR, token.NOT:
			m.value(x.X)
		default:
			m.refuse(plan.Effect, x, "%s receives from a channel", m.f.src(x))
		}
	case *ast.BinaryExpr:
		m.binary(x)
	case *ast.SliceExpr:
		m.slice(x)
	case *ast.CompositeLit:
		m.composite(x)
	case *ast.CallExpr:
		m.call(x)
	default:
		m.refuse(plan.Effect, e, "%s cannot be evaluated earlier", m.f.src(e))
	}
}

// load records that the value at the place e is read.
func (m *mover) load(e ast.Expr) {
	m.names(e)
	m.loads = append(m.loads, m.f.locOf(e))
}

// place visits the operands of an addressable expression; it reports whether
// computing the place cannot panic and is otherwise allowed.
func (m *mover) place(e ast.Expr) bool {
	if m.bad != nil {
		return false
	}
	info := m.f.pass.TypesInfo
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		if _, ok := info.ObjectOf(x).(*types.Var); !ok {
			m.refuse(plan.Effect, x, "%s is not a variable", x.Name)
		}
	case *ast.SelectorExpr:
		sel := info.Selections[x]
		if sel == nil { // pkg.Var
			if _, ok := info.Uses[x.Sel].(*types.Var); !ok {
				m.refuse(plan.Effect, x, "%s is not a variable", m.f.src(x))
			}
			break
		}
		if sel.Kind() != types.FieldVal {
			m.refuse(plan.Effect, x, "%s is a method value", m.f.src(x))
			break
		}
		m.types(info.TypeOf(x.X), sel.Index(), x)
		if n := pointerHops(info.TypeOf(x.X), sel.Index()); n > 0 {
			m.pointer(x.X, n, x)
		} else {
			m.place(x.X)
		}
	case *ast.IndexExpr:
		t, isArray := types.Unalias(info.TypeOf(x.X)).Underlying().(*types.Array)
		_, isSlice := types.Unalias(info.TypeOf(x.X)).Underlying().(*types.Slice)
		i, isConst := constInt(info, x.Index)
		switch {
		case isArray && isConst && i >= 0 && i < t.Len():
			m.names(x.Index)
			m.place(x.X)
		case isArray && (m.f.inRange(x) || m.guarded(x)):
			m.value(x.Index)
			m.place(x.X)
		case isSlice && (m.f.inRange(x) || m.guarded(x)):
			m.value(x.Index)
			m.value(x.X)
		case isArrayPointer(info.TypeOf(x.X)) != nil && (isConst && i >= 0 && i < isArrayPointer(info.TypeOf(x.X)).Len() || m.f.inRange(x)):
			m.value(x.Index)
			m.pointer(x.X, 1, x)
		default:
			m.refuse(plan.Panic, x, "indexing %s may panic", m.f.src(x))
		}
	case *ast.StarExpr:
		m.pointer(x.X, 1, x)
	case *ast.CompositeLit:
		m.value(x)
	default:
		m.refuse(plan.Panic, e, "%s may panic", m.f.src(e))
	}
	return m.bad == nil
}

// pointer visits a pointer that is dereferenced: it is loaded, and must be
// known not to be nil.
func (m *mover) pointer(p ast.Expr, hops int, whole ast.Expr) {
	id, ok := ast.Unparen(p).(*ast.Ident)
	_, direct := types.Unalias(m.f.pass.TypesInfo.TypeOf(p)).Underlying().(*types.Pointer)
	if !ok || hops > 1 || !direct {
		m.refuse(plan.Panic, whole, "%s may be a nil dereference", m.f.src(whole))
		return
	}
	v, ok := m.f.pass.TypesInfo.ObjectOf(id).(*types.Var)
	if !ok || !m.f.nonNil(v, m.seen) && !m.notNil(v) {
		m.refuse(plan.Panic, whole, "%s may be a nil dereference: %s is not known to be non-nil", m.f.src(whole), id.Name)
		return
	}
	m.load(id)
}

// left is the left side of && or ||, or the condition of an if statement, with
// the truth that it has where the right side or the branch is evaluated.
type left struct {
	cond  ast.Expr
	truth bool
}

// notNil reports whether the left sides around say that v is not nil.
func (m *mover) notNil(v *types.Var) bool {
	for _, l := range m.lefts {
		if m.f.vars.steady(v) && (m.f.impliesNonNil(l.cond, v, l.truth) || m.f.dereferences(l.cond, v)) {
			return true
		}
	}
	return false
}

func (m *mover) binary(x *ast.BinaryExpr) {
	info := m.f.pass.TypesInfo
	switch x.Op {
	case token.QUO, token.REM:
		// The operand, not x: of x op= y there is no expression with a type.
		if !isFloat(info.TypeOf(x.X)) {
			if n, ok := constInt(info, x.Y); !ok || n == 0 {
				m.refuse(plan.Panic, x, "%s may divide by zero", m.f.src(x))
			}
		}
	case token.SHL, token.SHR:
		if info.Types[x.Y].Value == nil && !isUnsigned(info.TypeOf(x.Y)) {
			m.refuse(plan.Panic, x, "%s may shift by a negative count", m.f.src(x))
		}
	case token.EQL, token.NEQ:
		m.comparable(x.X, x.Y, x)
	}
	m.value(x.X)
	if x.Op == token.LAND || x.Op == token.LOR {
		m.lefts = append(m.lefts, left{x.X, x.Op == token.LAND})
		defer func() { m.lefts = m.lefts[:len(m.lefts)-1] }()
	}
	m.value(x.Y)
}

// key visits the key of a map access: it must be of a type that can always be
// hashed.
func (m *mover) key(x *ast.IndexExpr) bool {
	t, ok := types.Unalias(m.f.pass.TypesInfo.TypeOf(x.X)).Underlying().(*types.Map)
	if !ok || !comparesQuietly(t.Key()) {
		m.refuse(plan.Panic, x.Index, "the key %s may be one that cannot be hashed", m.f.src(x.Index))
		return false
	}
	m.value(x.Index)
	return m.bad == nil
}

func (m *mover) slice(x *ast.SliceExpr) {
	info := m.f.pass.TypesInfo
	if isArrayPointer(info.TypeOf(x.X)) != nil {
		if x.Low != nil || x.High != nil || x.Max != nil {
			m.refuse(plan.Panic, x, "slicing %s may panic", m.f.src(x))
		}
		m.pointer(x.X, 1, x)
		return
	}
	switch t := types.Unalias(info.TypeOf(x.X)).Underlying().(type) {
	case *types.Array:
		for _, b := range []ast.Expr{x.Low, x.High, x.Max} {
			if b == nil {
				continue
			}
			// Constant bounds of arrays are checked when the program is compiled.
			if n, ok := constInt(info, b); !ok || n < 0 || n > t.Len() {
				m.refuse(plan.Panic, x, "slicing %s may panic", m.f.src(x))
			}
			m.names(b)
		}
		m.place(x.X)
	case *types.Slice, *types.Basic:
		if x.Low != nil && !isZero(info, x.Low) || x.High != nil || x.Max != nil {
			if !m.guarded(x) {
				m.refuse(plan.Panic, x, "slicing %s may panic", m.f.src(x))
			}
			for _, b := range []ast.Expr{x.Low, x.High} {
				if b != nil {
					m.value(b)
				}
			}
		}
		m.value(x.X)
	default:
		m.refuse(plan.Panic, x, "slicing %s may panic", m.f.src(x))
	}
}

func isZero(info *types.Info, e ast.Expr) bool {
	n, ok := constInt(info, e)
	return ok && n == 0
}

func (m *mover) composite(x *ast.CompositeLit) {
	if x.Type != nil {
		m.names(x.Type)
	}
	switch types.Unalias(m.f.pass.TypesInfo.TypeOf(x)).Underlying().(type) {
	case *types.Struct:
		for _, e := range x.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				e = kv.Value
			}
			m.value(e)
		}
	case *types.Array, *types.Slice:
		for _, e := range x.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				e = kv.Value // the key is a constant index
			}
			m.value(e)
		}
	case *types.Pointer: // elided &T in a composite of pointers
		m.refuse(plan.Effect, x, "%s cannot be evaluated earlier", m.f.src(x))
	default:
		m.refuse(plan.Panic, x, "building the map %s may panic", m.f.src(x))
	}
}

// names checks the identifiers of constants and types: one that another
// file of this package defines under build constraints could be something
// else elsewhere.
func (m *mover) names(e ast.Expr) {
	ast.Inspect(e, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || m.bad != nil {
			return m.bad == nil
		}
		obj := m.f.pass.TypesInfo.ObjectOf(id)
		if obj != nil && !m.stays && !m.f.moved[obj] && m.f.groupAt.IsValid() && obj.Pos() >= m.f.groupAt && obj.Pkg() == m.f.pass.Pkg && obj.Parent() != m.f.pass.Pkg.Scope() && !isField(obj) {
			if f := m.f.pass.Fset.File(obj.Pos()); f != nil && f.Name() == m.f.file.name && obj.Pos() < m.f.decl.End() {
				m.refuse(plan.Data, id, "%s is declared between the calls", id.Name)
			}
		}
		if obj != nil && obj.Pkg() != nil && obj.Pkg() != m.f.pass.Pkg && !m.f.fixed(obj) {
			m.refuse(plan.Build, id, "%s may be something else in another configuration", id.Name)
		}
		if obj != nil && obj.Pkg() == m.f.pass.Pkg && obj.Parent() == m.f.pass.Pkg.Scope() && !m.f.file.sameConfig(obj.Pos()) {
			m.refuse(plan.Build, id, "%s is defined in a file with other build constraints", id.Name)
		}
		return true
	})
}
