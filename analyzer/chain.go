// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/types"
	"slices"

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
// in between receives into it, and it is used once more than by arguments: the
// compiler does not want variables that nobody reads.
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
	if !slices.ContainsFunc(g.steps, func(s *step) bool { return s.falls }) && !f.usedElsewhere(g, t, v) {
		return nil // what is never read may not be declared
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

// usedElsewhere reports whether v is read by more than the arguments of g's
// calls and of t.
func (f *function) usedElsewhere(g *group, t *step, v *types.Var) bool {
	args := map[*ast.Ident]bool{}
	for _, s := range append(g.steps[:len(g.steps):len(g.steps)], t) {
		for _, a := range s.call.expr.Args {
			ast.Inspect(a, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					args[id] = true
				}
				return true
			})
		}
	}
	found := false
	ast.Inspect(f.decl, func(n ast.Node) bool {
		if as, ok := n.(*ast.AssignStmt); ok {
			for _, l := range as.Lhs {
				if id, ok := ast.Unparen(l).(*ast.Ident); ok {
					args[id] = true // written, not read
				}
			}
		}
		if id, ok := n.(*ast.Ident); ok && f.pass.TypesInfo.Uses[id] == v && !args[id] {
			found = true
		}
		return !found
	})
	return found
}
