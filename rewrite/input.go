// SPDX-License-Identifier: BSD-3-Clause

package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/autobatch/autobatch/internal/verify"
	"github.com/autobatch/autobatch/plan"
)

// RuntimePath is the import path of the run-time library, and of its module.
const RuntimePath = "github.com/autobatch/autobatch/batchrt"

// Site is one call that becomes an entry.
type Site struct {
	Call  *ast.CallExpr
	Whole bool        // the call is an expression statement of its own
	Under []Condition // that must hold for the call to be made
	Loads []Load      // arguments that are fields which earlier calls fill in
}

// Load is an argument that is loaded when the entry's turn comes.
type Load struct {
	Arg   int
	Field ast.Expr
}

// Region is a plan with the syntax it is about; Sites run parallel to
// Plan.Entries.
type Region struct {
	Plan  *plan.Region
	Decl  *ast.FuncDecl // that the calls are in
	At    token.Pos     // of the statement that the table is put before
	Sites []Site
	// Moves are statements between the calls that move before the table.
	Moves []Move
	// KeepAlive names the variables whose objects must not be collected while
	// the batch runs.
	KeepAlive []string
	// Assume are the rules that are relaxed in the function.
	Assume map[string]bool
	// Blank are names that the calls' results were given and that nothing reads
	// any more.
	Blank   []*ast.Ident
	Strip   *Strip // how the loop around the calls is strip-mined; nil for a straight line
	Ordered bool   // the first call's arguments call functions: the table is filled one entry at a time
}

// slots gives the entries' places in the table: each load is an entry, too, right
// in front of the one that needs it. The last number is that of all.
func (r *Region) slots() []int {
	at := make([]int, len(r.Sites)+1)
	n := 0
	for i, s := range r.Sites {
		n += len(s.Loads)
		at[i] = n
		n++
	}
	at[len(r.Sites)] = n
	return at
}

// Condition is a condition that is known before the batch.
type Condition struct {
	Expr ast.Expr
	Not  bool // it must not hold
}

// Move is a statement that moves before the table, with the comments that
// belong to it: the text from From to To.
type Move struct {
	Stmt     ast.Stmt
	From, To token.Pos
}

// Input is one file with the regions found in it, in source order.
type Input struct {
	Fset    *token.FileSet
	File    *ast.File
	Content []byte
	Info    *types.Info
	Pkg     *types.Package
	Files   []*ast.File // the whole package, for the type-check of the result
	Sizes   types.Sizes
	Regions []*Region
	Taken   map[string]bool // package-level names that other configurations declare
	// Pure says what the analysis found out about functions of other packages.
	Pure func(*types.Func) (Computes, bool)
}

// Computes is what is known of a function that only computes.
type Computes = verify.Computes

// Edits are the text edits for one file.
type Edits struct {
	Regions []*Region     // those that are rewritten
	region  [][]plan.Edit // one list for each
	imports []plan.Edit   // that every region needs
	drop    []plan.Edit   // that replace imports when every region is rewritten
}

// All returns the edits that rewrite every region.
func (e *Edits) All() []plan.Edit {
	if len(e.Regions) == 0 {
		return nil
	}
	var all []plan.Edit
	if e.drop != nil {
		all = append(all, e.drop...)
	} else {
		all = append(all, e.imports...)
	}
	for _, r := range e.region {
		all = append(all, r...)
	}
	return all
}

// Fix returns the edits of the fix for region i alone. Where imports become
// unused only once all regions are rewritten, the first region's fix does all
// and the others have none: fixes must not conflict.
func (e *Edits) Fix(i int) []plan.Edit {
	if e.drop != nil {
		if i == 0 {
			return e.All()
		}
		return nil
	}
	return append(append([]plan.Edit{}, e.imports...), e.region[i]...)
}
