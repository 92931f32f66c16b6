// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"go/ast"

	"github.com/autobatch/autobatch/internal/effects"
)

// access is one use of an entry's result.
type access struct {
	entry  int
	result effects.Result
	or     *ast.CallExpr // the call that is made where the entry did not run, or nil
}

// accessors are the methods that ask for a result.
var accessors = map[string]effects.Result{
	"Err":     effects.ResErr,
	"Int":     effects.ResIntErr,
	"Int64":   effects.ResInt64Err,
	"Uintptr": effects.ResUintptrErr,
	"Val":     effects.ResInt,
	"None":    effects.ResNone,
	"Raw":     effects.ResRaw,
	"Pointer": effects.ResPtrErr,
}

// resultParts are the parts of each result form that are followed.
var resultParts = map[effects.Result][]part{
	effects.ResErr:        {errPart},
	effects.ResIntErr:     {numPart, errPart},
	effects.ResInt64Err:   {numPart, errPart},
	effects.ResUintptrErr: {numPart, errPart},
	effects.ResPtrErr:     {nothing, errPart},
	effects.ResInt:        {nothing},
	effects.ResNone:       {},
	effects.ResRaw:        {nothing, nothing, rawPart},
}

// accesses finds the uses of a table's results in a list of statements. Each
// entry stands for one call of the original, so it is asked for once.
func (c *checker) accesses(b *batch, list []ast.Stmt) {
	s := c.edit
	b.last = -1
	asked := make([]int, len(b.entries))
	before := -1
	for i, st := range list {
		ast.Inspect(st, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if m := s.Info.Selections[sel]; m == nil || !isRT(m.Recv(), "Op") {
				return true
			}
			k := c.element(b, sel.X)
			if k < 0 {
				return true // of another table, or found by allAccounted
			}
			b.last = i
			asked[k]++
			if k < before {
				s.fail(call, "%s is asked for after a later entry", s.text(sel.X))
			}
			before = k
			b.access[call] = c.accessor(b, k, sel.Sel.Name, call)
			return true
		})
	}
	for k, n := range asked {
		if b.entries[k].load != nil && n == 0 {
			continue
		}
		if n != 1 {
			s.fail(b.entries[k].call, "the result of %s is asked for %d times", s.text(b.entries[k].call), n)
		}
	}
}

func (c *checker) accessor(b *batch, k int, method string, call *ast.CallExpr) *access {
	s := c.edit
	a := &access{entry: k}
	plain, or := method, false
	if n := len(method) - 2; n > 0 && method[n:] == "Or" {
		plain, or = method[:n], true
	}
	res, ok := accessors[plain]
	if !ok {
		s.fail(call, "the method %s is not modelled", method)
	}
	if b.entries[k].load != nil {
		s.fail(call, "a load has no result")
	}
	if want := b.entries[k].sys.result; res != want {
		s.fail(call, "%s is not how the result of %s is asked for", method, b.entries[k].sys.name)
	}
	a.result = res
	if !or {
		return a
	}
	if len(call.Args) == 1 {
		if lit, ok := call.Args[0].(*ast.FuncLit); ok && len(lit.Body.List) == 1 {
			switch st := lit.Body.List[0].(type) {
			case *ast.ReturnStmt:
				if len(st.Results) == 1 && res != effects.ResNone {
					a.or, _ = st.Results[0].(*ast.CallExpr)
				}
			case *ast.ExprStmt:
				if res == effects.ResNone {
					a.or, _ = st.X.(*ast.CallExpr)
				}
			}
		}
	}
	if a.or == nil || s.syscall(a.or, c.goarch) == nil {
		s.fail(call, "%s does not make a plain system call where the entry did not run", method)
	}
	return a
}
