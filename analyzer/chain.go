// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/types"

	"github.com/autobatch/autobatch/internal/effects"
	"github.com/autobatch/autobatch/plan"
)

// ref says that an argument is the result of an earlier entry of the group.
type ref struct{ arg, entry int }

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
// Variants: the argument is the variable, unchanged, that receives the number
// a call returned: descriptors, mostly.
//
// Restrictions: the number is an int on both sides; the batch reaches t only
// if that call succeeded, and a success is never negative, so that the kernel's
// raw result is the wrapper's value; nobody else writes the variable, no call
// in between receives into it. Where nothing but references would read it, see
// unread.
func (f *function) refersTo(g *group, t *step, k int) *ref {
	id, ok := ast.Unparen(t.call.expr.Args[k]).(*ast.Ident)
	if !ok || k >= len(t.call.fn.Params) || t.call.raw {
		return nil
	}
	if !t.call.fn.PlainRegister(k) {
		return nil
	}
	v, ok := f.pass.TypesInfo.Uses[id].(*types.Var)
	if !ok || !f.vars.private(v) || f.isDestination(v) || !types.Identical(v.Type(), types.Typ[types.Int]) {
		return nil
	}
	for j := len(g.steps) - 1; j >= 0; j-- {
		s := g.steps[j]
		for i, r := range s.results {
			if rid, ok := ast.Unparen(r).(*ast.Ident); !ok || f.pass.TypesInfo.ObjectOf(rid) != v {
				continue
			}
			if i != 0 || s.call.fn.Result != effects.ResIntErr || !s.call.fn.NonNeg || s.goOn&plan.Neg != 0 {
				return nil
			}
			return &ref{arg: k, entry: j}
		}
	}
	return nil
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
			id := ast.Unparen(g.steps[i].call.expr.Args[r.arg]).(*ast.Ident)
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
