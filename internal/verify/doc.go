// SPDX-License-Identifier: BSD-3-Clause

// Package verify proves that an edited function has the same observable
// events as the original, or says what it could not prove. It shares nothing
// with the planner but the effects table: both versions are read anew, each
// from its own syntax and types.
//
// # How
//
// Both bodies are walked in parallel (match.go). What is equal, name for name
// and object for object, needs no proof. Where the edited statement list has
// a batch that the original has not (batch.go), the statements from there to
// the last use of the batch are a region, and both versions of it are
// executed symbolically (exec.go, eval.go), once for every combination of
// the decisions that either version asks for (decide.go): whether a call
// failed, whether it returned zero, whether its error is the one that is
// tested, and the truth of every condition that is not implied by these.
//
// An execution leaves a trace of actions (trace.go): arguments evaluated,
// system calls, results stored, other code, the exit. Two traces are
// equivalent if they have the same actions and every two actions of which one
// can affect the other stand in the same order in both: then each action
// finds what it found before, by induction over the trace. Which actions
// affect each other is in conflict.go, one rule of the legality page after
// another; what an expression reads, and whether it may panic, is in
// look.go and place.go, which list what they know and refuse the rest.
//
// Around the traces stand checks of what they do not show (region.go,
// around.go): each result is asked for once and in order, nothing but the
// calls changes in a statement, no comment is lost, nobody's names change
// their meaning, and what an entry's arguments were taken out of stays alive
// until the batch has run.
//
// So the proof does not look for patterns that are known to be right. A
// transform needs support here only in so far as it puts new syntax into the
// edited version: references between entries and loads of fields (batch.go),
// conditions of entries (predicate.go), strip-mined loops (strip*.go), which are
// executed for no, one, two and a further iteration.
//
// # What is assumed
//
//   - The tables of package effects, and that batchrt does what it promises:
//     entries run in order from the first, jumps are followed, results are
//     those of the wrapper.
//   - The program has no data races; package unsafe is not used to write a
//     string's bytes, nor to make a pointer to a variable whose address is
//     never taken.
//   - Error variables of the standard library are not nil, and never
//     assigned to.
//   - The edited file type-checks, and both versions were checked with the
//     same sizes and for the same system.
//
// The caller has to prove what concerns more than one function: imports, and
// that the file means the same on other systems.
package verify
