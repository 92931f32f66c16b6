// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

// decisions are the answers to what an execution cannot know: whether a call
// fails, whether it returns zero, and conditions that depend on more. Both
// executions of a round share them; the rounds go through all combinations
// that are asked for.
type decisions struct {
	keys []string // in the order of asking
	val  map[string]bool
	say  map[string]string // what a yes means, for messages
}

// maxRounds bounds the work for one region.
const maxRounds = 20000

func newDecisions() *decisions {
	return &decisions{val: map[string]bool{}, say: map[string]string{}}
}

// ask returns the answer to a question, no at first.
func (d *decisions) ask(key, say string) bool {
	v, ok := d.val[key]
	if !ok {
		d.keys = append(d.keys, key)
		d.val[key] = false
		d.say[key] = say
	}
	return v
}

// next moves on to the next combination, and reports whether there is one.
func (d *decisions) next() bool {
	for len(d.keys) > 0 {
		last := d.keys[len(d.keys)-1]
		if !d.val[last] {
			d.val[last] = true
			return true
		}
		delete(d.val, last)
		d.keys = d.keys[:len(d.keys)-1]
	}
	return false
}

// String describes the combination: "when Unlink(p) fails, and ...".
func (d *decisions) String() string {
	var yes []string
	for _, k := range d.keys {
		if d.val[k] && !slices.Contains(yes, d.say[k]) {
			yes = append(yes, d.say[k])
		}
	}
	if len(yes) == 0 {
		return "when all goes well"
	}
	return "when " + strings.Join(yes, ", and ")
}

// fails asks whether call k of the path fails.
func (m *machine) fails(k int) bool {
	return m.d.ask(fmt.Sprintf("neg %d", k), fmt.Sprintf("%s fails", m.callName(k)))
}

// zero asks whether call k, which does not fail, returns zero.
func (m *machine) zero(k int) bool {
	return m.d.ask(fmt.Sprintf("zero %d", k), fmt.Sprintf("%s returns 0", m.callName(k)))
}

func (m *machine) callName(k int) string {
	if k < len(m.calls) {
		return m.calls[k].text
	}
	return fmt.Sprintf("call %d", k+1)
}

// condition asks for the truth of a condition that is not implied. What only
// reads the given expressions has the same truth until they change.
func (m *machine) condition(label, text string, es ...ast.Expr) bool {
	if n, ok := m.epoch(es...); ok && len(es) > 0 {
		return m.d.ask(fmt.Sprintf("cond %s after %d", label, n), fmt.Sprintf("%s holds", text))
	}
	m.conds[label]++
	n := m.conds[label]
	if m.strip != nil { // counted in each iteration
		label += " @" + m.s.iter
		m.strip.seen[label]++
		n = m.strip.seen[label]
	}
	return m.d.ask(fmt.Sprintf("cond %s #%d", label, n), fmt.Sprintf("%s holds", text))
}
