// SPDX-License-Identifier: BSD-3-Clause

package rewrite

import (
	"go/ast"
	"go/token"
)

// LoopKind is the form of a loop that is strip-mined.
type LoopKind uint8

const (
	RangeElements LoopKind = iota // range over a slice, an array or a pointer to one
	RangeInt                      // range over an integer
	Counted                       // for i := a; cond; i++
)

// Strip says how the loop around a region is strip-mined: where an iteration
// comes to its first call and the table holds nothing for it, the table is
// filled for this iteration and those to come, and run. Each iteration has a
// lane: as many entries as it makes calls.
type Strip struct {
	Kind  LoopKind
	Stmt  ast.Stmt // the loop
	Outer ast.Stmt // the loop with its label, if any
	Over  ast.Expr // what is ranged over; nil for a counted loop
	Bind  bool     // Over is evaluated into a variable first
	Key   string   // name of the index, "" if it has none
	Value string   // name of the element, "" if it has none
	Lanes int      // iterations to a strip
	All   bool     // the loop has no more iterations than lanes, always: its one table needs no other end than the loop's
	At    token.Pos
	// UsesKey and UsesValue say which of the two the gather code reads.
	UsesKey, UsesValue bool
	// DropKey and DropValue say that nothing else reads them any more.
	DropKey, DropValue bool
	Gather             []Gather // in order; entries are put in between
	Guards             []string // conditions on which the strip may have a further lane
	Vars               []LaneVar
	Drops              []Move // statements that only gathered what the calls need
}

// Gather is a piece of code that the arguments of a lane's calls need.
type Gather struct {
	Stmt   ast.Stmt
	Before int      // number of the lane's entry that it stands before
	Skip   ast.Expr // not nil: Stmt is if Skip { …; continue }, and ends the lane before it begins
	Not    bool     // it does where Skip does not hold: Stmt is if Skip { the calls }
}

// LaneVar is a variable of the body of which each lane has its own.
type LaneVar struct {
	Name string
	Type string   // as the source writes it
	Decl ast.Stmt // its declaration, which is replaced
	// Gathered says that the variable holds what the gather code computed; else
	// it is the memory that a call writes to.
	Gathered bool
	Bytes    int64  // size of one
	Zero     string // its zero value, as the source would write it
	First    int    // the lane's entry that writes to it first
	Unused   bool   // nothing but the calls uses it
}
