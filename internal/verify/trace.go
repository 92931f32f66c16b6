// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"fmt"
	"go/ast"
)

// kind is the sort of an action.
type kind uint8

const (
	evaluate kind = iota // an expression is evaluated: it reads, and may panic
	call                 // a system call
	store                // a value is stored
	compute              // a statement that only computes
	opaque               // any other code, which may do anything
	exit                 // the path leaves the region, or comes to its end
)

// action is one step of an execution.
type action struct {
	kind          kind
	label         string // position-independent: equal labels mean the same step
	text          string // for messages
	node          ast.Node
	reads, writes []loc
	panics        string // why it may panic
	sys           *syscall
	names, sets   map[string]bool // of other code: the variables that it names, and assigns to
	ahead         bool            // it is executed ahead of its iteration, once more than in the original
	spare         bool            // it moved up: where the original does not come to it, it counts for nothing
}

// machine executes one version of a region along one path.
type machine struct {
	looker
	c     *checker
	d     *decisions
	b     *batch // of the edited version
	ran   map[int]int
	trace []*action
	env   map[string]value
	vals  map[ast.Expr]string
	calls []madeCall
	conds map[string]int
	stop  int       // the statement of the region before which the execution ends, -1 = none
	ahead bool      // statements that moved before the batch are executed
	strip *stripRun // of a strip-mined loop
}

// madeCall is a call of the path.
type madeCall struct {
	sys  *syscall
	text string
}

// value is what is known of a value: a part of a call's result, or nothing.
type value struct {
	part part
	call int // which call of the path
}

type part uint8

const (
	nothing part = iota
	errPart      // the error
	numPart      // the number before the error
	rawPart      // the errno of a raw call
)

func (m *machine) emit(a *action) {
	if a.kind == opaque {
		a.names, a.sets = m.c.mentionedIn(m.s, a.node), m.c.assignedIn(m.s, a.node)
	}
	m.trace = append(m.trace, a)
}

// parts are the parts of a call's result.
func (x *syscall) parts(k int) []value {
	ps, ok := resultParts[x.result]
	if !ok {
		return nil
	}
	vs := make([]value, len(ps))
	for i, p := range ps {
		vs[i] = value{p, k}
	}
	return vs
}

// equivalent reports why two traces are not equivalent, with the place in the
// original.
func (f *facts) equivalent(a, b []*action) (ast.Node, string) {
	if n, why := sameCalls(a, b); why != "" {
		return n, why
	}
	type key struct {
		label string
		n     int
	}
	index := map[key]int{} // of b
	count := map[string]int{}
	for i, x := range b {
		index[key{x.label, count[x.label]}] = i
		count[x.label]++
	}
	at := make([]int, len(a)) // where a's actions are in b
	seen := map[string]int{}
	for i, x := range a {
		k := key{x.label, seen[x.label]}
		seen[x.label]++
		j, ok := index[k]
		if !ok && x.ahead {
			at[i] = -1 // made up: the edited version did not look ahead there
			continue
		}
		if !ok {
			return x.node, fmt.Sprintf("%s is lost, or not what it was", x.text)
		}
		at[i] = j
		delete(index, k)
	}
	for _, i := range index { // what is left of b
		if x := b[i]; !x.spare && !x.ahead || x.panics != "" {
			return nil, fmt.Sprintf("%s is new, or not what it was", x.text)
		}
	}
	for j := range a {
		for i := range j {
			if at[i] < at[j] || at[j] < 0 || at[i] < 0 {
				continue
			}
			if why := f.conflict(a, i, j); why != "" {
				return a[j].node, why
			}
			// What one version knows of panics holds for that version only.
			if why := f.panicConflict(b[at[j]], b[at[i]]); why != "" {
				return a[j].node, why
			}
		}
	}
	return nil, ""
}

// sameCalls compares the system calls, in order: the first thing to know.
func sameCalls(a, b []*action) (ast.Node, string) {
	calls := func(t []*action) []*action {
		var c []*action
		for _, x := range t {
			if x.kind == call {
				c = append(c, x)
			}
		}
		return c
	}
	ca, cb := calls(a), calls(b)
	for i := range max(len(ca), len(cb)) {
		switch {
		case i >= len(cb):
			return ca[i].node, fmt.Sprintf("the call %s is not made", ca[i].text)
		case i >= len(ca):
			return nil, fmt.Sprintf("the call %s is made though the original does not make it", cb[i].text)
		case ca[i].label != cb[i].label:
			return ca[i].node, fmt.Sprintf("the call %s is made in the place of %s", cb[i].text, ca[i].text)
		}
	}
	return nil, ""
}
