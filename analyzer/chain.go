// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/types"

	"github.com/autobatch/autobatch/internal/effects"
	"github.com/autobatch/autobatch/plan"
	"github.com/autobatch/autobatch/rewrite"
)

// ref says that an argument is not known before the batch: it is the result of
// an earlier entry of the group, or a field that one has filled in.
type ref struct {
	arg, entry int
	load       ast.Expr // the field; nil for a result
}

// isRef reports whether argument k of entry i is a reference.
func (g *group) isRef(i, k int) bool {
	for _, r := range g.refs[i] {
		if r.arg == k {
			return true
		}
	}
	return false
}

// refersTo finds the entry whose result argument k of t is.
//
// Variants: the argument is the variable that receives the number a call
// returned: descriptors, mostly, and offsets; as it is, or converted to another
// integer type of full width.
//
// Restrictions: the batch reaches t only if that call succeeded: then the
// kernel's raw result is the wrapper's value; nobody else writes the variable, and no call in between receives into it.
// Where nothing but references would read it, see unread.
func (f *function) refersTo(g *group, t *step, k int) *ref {
	if k >= len(t.call.fn.Params) || t.call.raw || !t.call.fn.PlainRegister(k) {
		return nil
	}
	arg := f.withoutConversions(t.call.expr.Args[k])
	if arg == nil {
		return nil
	}
	id, ok := arg.(*ast.Ident)
	if !ok {
		return f.loads(g, t, k, arg)
	}
	v, ok := f.pass.TypesInfo.Uses[id].(*types.Var)
	if !ok || !f.vars.private(v) || f.isDestination(v) || !fullWidth(v.Type()) || !fullWidth(f.pass.TypesInfo.TypeOf(t.call.expr.Args[k])) {
		return nil
	}
	for j := len(g.steps) - 1; j >= 0; j-- {
		s := g.steps[j]
		for i, r := range s.results {
			if rid, ok := ast.Unparen(r).(*ast.Ident); !ok || f.pass.TypesInfo.ObjectOf(rid) != v {
				continue
			}
			if !samePreds(s, t) {
				return nil
			}
			if i != 0 || s.call.fn.Result != effects.ResIntErr && s.call.fn.Result != effects.ResInt64Err || s.goOn&plan.Neg != 0 {
				return nil
			}
			return &ref{arg: k, entry: j}
		}
	}
	return nil
}

// loads recognises an argument that is a field which an earlier entry fills in
// (st.Size, int(st.Uid)): the batch loads it when its turn comes.
//
// Restrictions: the field is of an integer type that is no wider than the
// parameter, in a variable of the function's own that the earlier call is given
// as its destination; that call and t are under the same conditions.
func (f *function) loads(g *group, t *step, k int, arg ast.Expr) *ref {
	sel, ok := arg.(*ast.SelectorExpr)
	if !ok || f.pass.TypesInfo.Selections[sel] == nil {
		return nil
	}
	if !f.constantPlace(sel) {
		return nil // the index is not of the batch's beginning, or out of range
	}
	v := f.vars.storage(sel)
	from, ok := types.Unalias(f.pass.TypesInfo.TypeOf(sel)).Underlying().(*types.Basic)
	if v == nil || !ok || from.Info()&types.IsInteger == 0 || !f.vars.private(v) || !f.isDestination(v) {
		return nil
	}
	sizes := f.pass.TypesSizes
	if sizes.Sizeof(from) > sizes.Sizeof(f.pass.TypesInfo.TypeOf(t.call.expr.Args[k])) {
		return nil
	}
	for j := len(g.steps) - 1; j >= 0; j-- {
		s := g.steps[j]
		for i, p := range s.call.fn.Params {
			if p.Dir&effects.Out == 0 {
				continue
			}
			if m, ok := f.memoryOf(s.call.expr.Args[i]); ok && m.root == v && !m.deref {
				if !samePreds(s, t) {
					return nil
				}
				return &ref{arg: k, entry: j, load: sel}
			}
		}
	}
	return nil
}

// constantPlace reports whether e lies at a place of its variable that the
// compiler knows.
func (f *function) constantPlace(e ast.Expr) bool {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.Ident:
			return true
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			if f.pass.TypesInfo.Types[x.Index].Value == nil {
				return false
			}
			e = x.X
		default:
			return false
		}
	}
}

// withoutConversions is e without conversions between integer types that keep
// the value in its register whatever it is; nil if there is another one around
// it.
func (f *function) withoutConversions(e ast.Expr) ast.Expr {
	for {
		e = ast.Unparen(e)
		c, ok := e.(*ast.CallExpr)
		if !ok {
			return e
		}
		if !f.pass.TypesInfo.Types[c.Fun].IsType() || len(c.Args) != 1 {
			return nil
		}
		to, ok1 := types.Unalias(f.pass.TypesInfo.TypeOf(c)).Underlying().(*types.Basic)
		from, ok2 := types.Unalias(f.pass.TypesInfo.TypeOf(c.Args[0])).Underlying().(*types.Basic)
		if !ok1 || !ok2 || to.Info()&types.IsInteger == 0 || from.Info()&types.IsInteger == 0 || !keepsNumber(from, to) {
			return nil
		}
		e = c.Args[0]
	}
}

// keepsNumber reports whether a conversion leaves every number in its register as
// it is. What is narrower than that must not change its sign.
func keepsNumber(from, to *types.Basic) bool {
	sizes := types.SizesFor("gc", "amd64") // where batchrt makes the calls, int has 64 bits
	a, b := sizes.Sizeof(from), sizes.Sizeof(to)
	signed := func(t *types.Basic) bool { return t.Info()&types.IsUnsigned == 0 }
	return a <= b && (signed(from) == signed(to) || !signed(from) && a < b || b == 8)
}

// fullWidth reports whether t is an integer type that fills a register, whose
// values besides are the same for every GOARCH that has such registers.
func fullWidth(t types.Type) bool {
	b, ok := types.Unalias(t).Underlying().(*types.Basic)
	if !ok {
		return false
	}
	switch b.Kind() {
	case types.Int, types.Int64, types.Uint, types.Uint64, types.Uintptr:
		return true
	}
	return false
}

// unread finds the variables that nothing reads once the references of g take
// their place: the compiler does not want them declared. It returns the
// identifiers that become blank; ok is false if one cannot be left out: only :=
// and var statements of the function's only variable of that name can do without.
func (f *function) unread(g *group, resumes []bool) (blank []*ast.Ident, ok bool) {
	gone := map[*ast.Ident]bool{}
	vars := map[*types.Var]int{} // and the entry that gives it
	for i, list := range g.refs {
		for _, r := range list {
			if r.load != nil {
				continue
			}
			id := f.withoutConversions(g.steps[i].call.expr.Args[r.arg]).(*ast.Ident)
			if !resumes[i] {
				gone[id] = true
			}
			vars[f.pass.TypesInfo.Uses[id].(*types.Var)] = r.entry
		}
	}
	written := map[*ast.Ident]bool{}
	names := map[string]int{}
	ast.Inspect(f.decl, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				if id, ok := ast.Unparen(l).(*ast.Ident); ok {
					written[id] = true
				}
			}
		case *ast.Ident:
			if v, ok := f.pass.TypesInfo.Defs[n].(*types.Var); ok && !v.IsField() {
				names[n.Name]++
			}
		}
		return true
	})
	for v, entry := range vars {
		read := false
		assigned := 0
		ast.Inspect(f.decl, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && f.pass.TypesInfo.Uses[id] == v {
				read = read || !gone[id] && !written[id]
				if written[id] {
					assigned++
				}
			}
			return !read
		})
		if read {
			continue
		}
		s := g.steps[entry]
		id, isIdent := ast.Unparen(s.results[0]).(*ast.Ident)
		if !isIdent || f.pass.TypesInfo.Defs[id] != v || assigned > 0 || names[v.Name()] > 1 {
			return nil, false
		}
		blank = append(blank, id)
	}
	return blank, true
}

// loadsOf are the fields that entry i loads.
func (g *group) loadsOf(i int) []rewrite.Load {
	var list []rewrite.Load
	for _, r := range g.refs[i] {
		if r.load != nil {
			list = append(list, rewrite.Load{Arg: r.arg, Field: r.load})
		}
	}
	return list
}
