// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"fmt"

	"github.com/autobatch/autobatch/internal/effects"
)

// run evaluates a table and runs it.
func (m *machine) run() {
	b := m.b
	evals := make([][]*action, len(b.entries))
	holds := make([]bool, len(b.entries))
	for i, x := range b.entries {
		holds[i] = m.under(x)
		if i == 0 && len(x.preds) == 0 {
			m.first(x)
			continue
		}
		if x.load != nil {
			if r := m.look(x.load.src); r.opaque != "" || r.panics != "" {
				m.s.fail(x.call, "%s may panic", m.s.text(x.load.src))
			}
			continue
		}
		for k, a := range x.call.Args {
			tv := m.s.Info.Types[a]
			if tv.Value != nil || tv.IsNil() {
				continue
			}
			r := m.look(a)
			if r.opaque != "" {
				m.s.fail(a, "%s is evaluated before %s: %s", m.s.text(a), m.s.text(b.entries[0].call), r.opaque)
			}
			if r.panics != "" {
				m.s.fail(a, "%s is evaluated before %s, and %s", m.s.text(a), m.s.text(b.entries[0].call), r.panics)
			}
			m.learn(r)
			tag, y := m.argument(x.sys, k, a)
			evals[i] = append(evals[i], &action{kind: evaluate, label: "eval " + tag + m.label(y), text: m.s.text(a), node: a, reads: r.reads})
			m.nameField(a, tag, y)
		}
	}
	var order []int
	m.ran = map[int]int{}
	made := 0
	for i := 0; i >= 0 && i < len(b.entries); {
		x := b.entries[i]
		if !holds[i] {
			i++
			continue
		}
		if x.load != nil {
			order = append(order, i)
			i++
			continue
		}
		k := len(m.calls) + made
		made++
		m.references(i, x)
		m.ran[i] = k
		order = append(order, i)
		jump := x.neg
		if x.neg != x.zero || x.zero != x.pos {
			if !m.failsAs(k, x) {
				jump = x.pos
				if x.zero != x.pos && m.zero(k) {
					jump = x.zero
				}
			}
		}
		if jump < 0 {
			break
		}
		i += 1 + jump
	}
	for _, i := range order {
		m.trace = append(m.trace, evals[i]...)
	}
	for _, i := range order {
		if x := b.entries[i]; x.load != nil {
			m.load(x, b.entries[x.load.entry])
			continue
		}
		m.made(b.entries[i].call, b.entries[i].sys)
	}
}

// load reads a field for an argument of the entry to, when its turn comes.
func (m *machine) load(x, to entry) {
	r := m.look(x.load.src)
	m.emit(&action{kind: evaluate, label: "eval field " + m.label(x.load.src), text: m.s.text(x.load.src), node: x.load.src, reads: m.foreignReads(r.reads)})
	m.vals[to.call.Args[x.load.arg]] = "field " + m.label(x.load.src)
}

// references gives the arguments of entry i that refer to others the numbers
// that those return. The raw number is the wrapper's only if the call did not
// fail.
func (m *machine) references(i int, x entry) {
	for arg, to := range x.refs {
		k, ran := m.ran[to]
		if to < 0 || to >= i || !ran {
			m.s.fail(x.call, "%s refers to an entry that has not run", m.s.text(x.call))
		}
		from := m.b.entries[to]
		if from.load != nil || from.sys.result != effects.ResIntErr && from.sys.result != effects.ResInt64Err {
			m.s.fail(x.call, "%s refers to %s, which returns no int", m.s.text(x.call), m.s.text(from.call))
		}
		if m.failsAs(k, from) {
			m.s.fail(x.call, "%s refers to the result of %s even when that fails", m.s.text(x.call), m.s.text(from.call))
		}
		m.vals[x.call.Args[arg]] = numberLabel(k)
	}
}

// failsAs asks whether call k, which is not recorded yet, fails.
func (m *machine) failsAs(k int, x entry) bool {
	return m.d.ask(fmt.Sprintf("neg %d", k), m.s.text(x.call)+" fails")
}

// first evaluates the arguments of the first entry, which may do anything:
// they are evaluated first in the original, too.
func (m *machine) first(x entry) {
	if !m.b.ordered {
		for _, a := range x.call.Args {
			if r := m.look(a); r.opaque != "" && len(m.b.entries) > 1 {
				m.s.fail(a, "the order in which %s and the other entries are evaluated is not defined", m.s.text(a))
			}
		}
	}
	m.arguments(x.call, x.sys)
}
