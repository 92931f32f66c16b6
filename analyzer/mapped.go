// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/types"

	"github.com/autobatch/autobatch/plan"
)

// mapped reports whether l may be memory that a file is mapped to (mmap(2)), for
// all that is known: Go allows no pointers to its own objects there, so what
// holds any is not; nor is what a variable of the function alone leads to.
func (f *function) mapped(l loc) bool {
	if l.root != nil && !l.deref || f.ownMemory(l) {
		return false
	}
	if l.typ != nil && hasPointers(l.typ) {
		return false
	}
	return !f.relax("unmapped")
}

// relax reports whether a rule is relaxed that stands in the way, and notes that
// it was needed.
func (f *function) relax(name string) bool {
	if !f.assume[name] {
		return false
	}
	f.relaxed[name] = true
	return true
}

// others reports whether other goroutines may touch l while the region runs.
func (f *function) others(l loc) bool {
	if f.ownMemory(l) {
		return false
	}
	// A variable of the function whose address has gone somewhere is not what
	// "unshared" speaks of.
	if _, local := f.vars.declared[l.root]; (l.root == nil || l.deref || !local) && f.relax("unshared") {
		return false
	}
	return true
}

// hasPointers reports whether values of the type hold pointers.
func hasPointers(t types.Type) bool {
	switch t := types.Unalias(t).Underlying().(type) {
	case *types.Basic:
		return t.Kind() == types.UnsafePointer || t.Info()&types.IsString != 0
	case *types.Array:
		return hasPointers(t.Elem())
	case *types.Struct:
		for i := range t.NumFields() {
			if hasPointers(t.Field(i).Type()) {
				return true
			}
		}
		return false
	}
	return true
}

// fileLoad refuses a load that moves over the call s if both may be about the
// same file.
func (f *function) fileLoad(l loc, s *step, at ast.Node) *refusal {
	if (s.call.raw || s.call.fn.WritesFiles()) && f.mapped(l) {
		return refuse(plan.Alias, at, "%s may be in memory that a file is mapped to, and %s changes files", f.src(at), s.call.fn.Name)
	}
	return nil
}

// fileStore refuses a store that moves over the call s if that may read the
// file that the memory is mapped to.
func (f *function) fileStore(l loc, s *step, at ast.Node) *refusal {
	if f.mapped(l) {
		return refuse(plan.Alias, at, "%s may be in memory that a file is mapped to, which %s may read", f.src(at), s.call.fn.Name)
	}
	return nil
}
