// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/autobatch/autobatch/rewrite"
)

// start is where a group begins whose first call is under a condition: the place
// behind that call, and the conditions passed on the way there, which are
// evaluated once more behind all calls of the batch.
type start struct {
	*cursor
	conds []*between
}

// startUnder recognises a condition known before the batch, list[i], with calls
// inside: the group begins with the first of them.
func (f *function) startUnder(list []ast.Stmt, i int) (*step, *start) {
	x, ok := list[i].(*ast.IfStmt)
	if !ok || x.Init != nil || !f.hasCalls(x) || f.leading(x.Cond) != nil {
		return nil, nil
	}
	if _, bad := f.condition(x.Cond); bad != nil {
		return nil, nil
	}
	f.groupAt = list[i].Pos()
	f.moved = map[types.Object]bool{}
	defer func(path []frame) { f.path, f.groupAt = path, token.NoPos }(f.path)
	w := &walker{function: f, g: &group{list: list, first: i}, base: f.path, c: &cursor{list: list, at: i + 1}}
	w.branch(x, nil)
	for {
		for w.c.at >= len(w.c.list) {
			if w.c.last || w.c.up == nil || w.c.up.up == nil && w.c.other == nil {
				return nil, nil
			}
			w.up()
		}
		w.path[len(w.path)-1].index = w.c.at
		s, _ := f.stepAt(w.c.list, w.c.at)
		if s != nil {
			for _, b := range w.gap {
				if f.crosses(b.do, s) != nil {
					return nil, nil // the condition may be another one behind the call
				}
			}
			s.preds = w.c.preds
			w.c.at = s.next
			return s, &start{w.c, w.gap}
		}
		in, ok := w.c.list[w.c.at].(*ast.IfStmt)
		if !ok || in.Init != nil || !f.hasCalls(in) {
			return nil, nil // the code before the call could move over nothing
		}
		w.c.at++
		w.branch(in, w.c.preds)
	}
}

// under are the conditions of the step's entry.
func (s *step) under() []rewrite.Condition {
	var list []rewrite.Condition
	for _, p := range s.preds {
		list = append(list, rewrite.Condition{Expr: p.cond, Not: p.neg})
	}
	return list
}
