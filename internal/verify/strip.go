// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"go/ast"
	"go/token"
	"go/types"
)

// strip is a strip-mined loop of the edited version: in front of the first call
// of an iteration stands code that fills a table for this iteration and some to
// come, its lanes, and runs it, unless the table still holds something for this
// one.
type strip struct {
	batch           // the entries of one lane, and the uses of their results
	size        int // iterations to a strip
	lane, lanes types.Object
	arena       types.Object
	list        types.Object // what is ranged over, if that is kept in a new variable
	listExpr    ast.Expr     // its value
	arrays      map[types.Object]*laneVar
	loop        ast.Stmt // the edited loop, without its label
	refill      *ast.IfStmt
	within      ast.Stmt // the statement of the body that the refill is nested in, or nil
	aheadLoop   ast.Stmt // of the refill
	ahead       []piece  // what is executed for each lane, in order
	key         types.Object
	guards      []ast.Expr // conditions that cut the strip
}

// laneVar is an array with one variable of the body for each lane.
type laneVar struct {
	array types.Object
	name  string       // of the variable that it stands for, as names go
	value bool         // holds what gather code computed, not what a call writes to
	local types.Object // the variable of the gather code that is kept in it
	orig  ast.Stmt     // the original's declaration of the variable
	read  ast.Stmt     // the statement that takes it from the lane; nil if none does
}

// piece is a part of the code that fills a lane.
type piece struct {
	stmt  ast.Stmt // gather code
	orig  ast.Stmt // that it is a copy of
	skip  ast.Expr // a condition on which the iteration has no lane
	entry int      // of an entry's number; -1 for others
	zero  *laneVar // cleared for the lane
	keep  *laneVar // set to what the gather code computed
}

// fillsTable reports whether an if statement has the form of code that fills a
// table: if lane++; … || !ops[…].Ran().
func (s *side) fillsTable(n *ast.IfStmt) bool {
	inc, ok := n.Init.(*ast.IncDecStmt)
	if !ok || inc.Tok != token.INC || n.Else != nil {
		return false
	}
	or, ok := n.Cond.(*ast.BinaryExpr)
	if !ok || or.Op != token.LOR {
		return false
	}
	not, ok := or.Y.(*ast.UnaryExpr)
	if !ok || not.Op != token.NOT {
		return false
	}
	call, ok := not.X.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Ran" {
		return false
	}
	m := s.Info.Selections[sel]
	return m != nil && (isRT(m.Recv(), "Op") || isRTPointer(m.Recv()))
}

func isRTPointer(t types.Type) bool {
	p, ok := t.Underlying().(*types.Pointer)
	return ok && isRT(p.Elem(), "Op")
}

// twin is the variable that obj, declared in code that fills a table, stands
// for: one of the same name and type in the loop around. Nil if there is none:
// then the code that fills the table is its only place.
func (s *side) twin(obj types.Object, inside ast.Node, loops []ast.Node) types.Object {
	if inside == nil || len(loops) == 0 {
		return nil
	}
	var found types.Object
	ast.Inspect(loops[len(loops)-1], func(n ast.Node) bool {
		if n == inside || found != nil {
			return false
		}
		if id, ok := n.(*ast.Ident); ok && id.Name == obj.Name() {
			if d := s.Info.Defs[id]; d != nil && typeKey(d.Type()) == typeKey(obj.Type()) {
				found = d
			}
		}
		return true
	})
	return found
}
