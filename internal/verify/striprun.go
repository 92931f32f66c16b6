// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"strconv"
)

// The loop is executed for up to maxTrips iterations, in strips of symbolic
// length symLanes: that shows two iterations of one strip, the step from one
// strip to the next, and ends of the loop at each of these places. What holds
// for two iterations holds for any two: nothing is known of an iteration's
// variables but that they are others than the next one's.
const (
	maxTrips = 3
	symLanes = 2
)

// stripRun is how far the execution of a strip-mined loop has come.
type stripRun struct {
	t     *strip
	h     *head
	pairs []paired
	fill  int   // the pair before which the table is filled
	iter  int   // the iteration
	lane  int   // of the iteration
	lanes []int // the iterations that the lanes of the table are of
	cont  bool  // the iteration has ended by continue
	seen  map[string]int
}

// checkStrip proves that the strip-mined loop e does what the loop o does.
func (c *checker) checkStrip(t *strip, o, e ast.Stmt) {
	h := c.loopHead(t, o, e)
	c.pragmas()
	ol, el := bodyOf(h.orig), bodyOf(t.loop)
	if c.facts.gotos {
		c.orig.fail(o, "the function has a goto")
	}
	if c.edit.leaves(el.List, true) {
		c.edit.fail(e, "the loop never comes to a second iteration")
	}
	pairs, fill := c.align(t, h, ol.List, el.List)
	if fill < 0 {
		c.edit.fail(t.refill, "the table is not filled in the loop's body")
	}
	c.refill = t.refill
	defer func() { c.refill = nil }()
	c.stripAccesses(t, el.List)
	c.gatheredOnly(t, h, ol.List)
	c.unsafeArguments(&t.batch)
	c.conditions(&t.batch, ol.List)
	for _, p := range pairs {
		if p.o != nil && p.e != nil && p.lane == nil {
			c.structured(&t.batch, []ast.Stmt{p.o}, []ast.Stmt{p.e})
		}
	}
	if len(t.entries[0].preds) > 0 {
		c.edit.fail(t.refill, "the first entry of a lane is under a condition")
	}

	c.look([]ast.Stmt{o})
	c.frames = append(c.frames, frame{orig: ol.List, edit: el.List, owner: ol})
	for _, p := range pairs {
		if p.o == nil || p.e == nil || p.lane != nil {
			continue
		}
		c.at(stmtIndex(ol.List, p.o), stmtIndex(el.List, p.e))
		c.matchInner(p.o, p.e, &t.batch)
		if l, ok := p.o.(*ast.LabeledStmt); ok {
			c.orig.fail(l, "control may come from elsewhere to the label %s", l.Label.Name)
		}
	}
	c.at(0, 0)
	c.below = c.bounds()
	nonnil := c.notNil()
	c.frames = c.frames[:len(c.frames)-1]

	per := map[string]bool{}
	for _, obj := range c.orig.locals {
		if h.orig.Pos() <= obj.Pos() && obj.Pos() < h.orig.End() {
			per[c.orig.names[obj]] = true
		}
	}
	per[h.key] = true
	for _, s := range []*side{c.orig, c.edit} {
		s.per, s.key = per, h.key
		defer func() { s.per, s.key, s.iter = nil, "", "" }()
	}
	d := newDecisions()
	for rounds := 1; ; rounds++ {
		if rounds > maxRounds {
			c.orig.fail(o, "there are too many paths")
		}
		round := map[string]bool{}
		x := c.machine(c.edit, d, nonnil)
		x.round, x.b = round, &t.batch
		x.strip = &stripRun{t: t, h: h, pairs: pairs, fill: fill, seen: map[string]int{}}
		x.ran = map[int]int{}
		x.iterations()
		y := c.machine(c.orig, d, nonnil)
		y.round = round
		y.strip = &stripRun{t: t, h: h, pairs: pairs, fill: fill, seen: map[string]int{}}
		y.iterations()
		if n, why := c.facts.equivalent(y.trace, x.trace); why != "" {
			if n == nil {
				n = o
			}
			c.orig.fail(n, "%s: %s", d, why)
		}
		if !d.next() {
			break
		}
	}
	for _, p := range pairs {
		if p.o == nil || p.e == nil || p.lane != nil {
			continue
		}
		was, calls := c.shape(c.orig, nil, p.o)
		is, results := c.shape(c.edit, &t.batch, p.e)
		if was != is {
			c.orig.fail(p.o, "more than the call is changed in %q", c.orig.text(p.o))
		}
		for k, call := range calls {
			if a := t.access[results[k]]; a != nil && a.or != nil && !c.same(call, a.or) {
				c.edit.fail(a.or, "%s stands in for %s", c.edit.text(a.or), c.orig.text(call))
			}
		}
	}
}

func stmtIndex(list []ast.Stmt, st ast.Stmt) int {
	for i, x := range list {
		if x == st {
			return i
		}
	}
	return 0
}

// stripAccesses finds the uses of the table's results in the loop's body.
func (c *checker) stripAccesses(t *strip, list []ast.Stmt) {
	s, m := c.edit, len(t.entries)
	next := 0
	for _, st := range list {
		ast.Inspect(st, func(n ast.Node) bool {
			if n == ast.Node(t.refill) {
				return false
			}
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if r := s.Info.Selections[sel]; r == nil || !isRT(r.Recv(), "Op") {
				return true
			}
			k := c.slot(t, sel.X, t.lane, m)
			if k < 0 {
				return true
			}
			for next < m && t.entries[next].load != nil {
				next++
			}
			if k != next {
				s.fail(call, "the results of a lane are not asked for once and in order")
			}
			next++
			t.access[call] = c.accessor(&t.batch, k, sel.Sel.Name, call)
			return true
		})
	}
	if next != m {
		s.fail(t.refill, "the result of %s is not asked for", s.text(t.entries[next].call))
	}
}

// gatheredOnly checks that the variables of an iteration that the lanes' code
// reads are set by nothing but the loop's head and the gather code itself: then
// executing that code once more gives what it gave.
func (c *checker) gatheredOnly(t *strip, h *head, list []ast.Stmt) {
	reads := map[string]bool{}
	note := func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				if v, ok := c.edit.object(id).(*types.Var); ok && !v.IsField() {
					reads[c.edit.name(v)] = true
				}
			}
			return true
		})
	}
	copied := map[ast.Stmt]bool{}
	for _, p := range t.ahead {
		switch {
		case p.skip != nil:
			note(p.skip)
		case p.entry >= 0:
			for _, a := range t.entries[p.entry].call.Args {
				note(a)
			}
		case p.stmt != nil && p.zero == nil && p.keep == nil:
			note(p.stmt)
			copied[p.orig] = true
		}
	}
	for _, st := range list {
		if copied[st] {
			for name := range c.assignedIn(c.orig, st) {
				if obj := c.orig.byName[name]; obj == nil || obj.Pos() < h.orig.Pos() || obj.Pos() >= h.orig.End() || c.facts.taken(name) || c.facts.captured(name) {
					c.orig.fail(st, "%q sets what is not the iteration's own", c.orig.text(st))
				}
			}
			continue
		}
		for name := range c.assignedIn(c.orig, st) {
			obj := c.orig.byName[name]
			if reads[name] && obj != nil && h.orig.Pos() <= obj.Pos() && obj.Pos() < h.orig.End() {
				c.orig.fail(st, "%s, which the calls need, is set by %q", obj.Name(), c.orig.text(st))
			}
		}
	}
}

// enter says which iteration is executed from now on.
func (m *machine) enter(iter int) {
	m.s.iter = strconv.Itoa(iter)
	m.c.orig.iter = m.s.iter // labels of the original's statements
}

// begins asks whether the loop comes to an iteration.
func (m *machine) begins(iter int) bool {
	if iter >= maxTrips {
		return false
	}
	for i := 0; i <= iter; i++ {
		if !m.d.ask(fmt.Sprintf("iteration %d", i), fmt.Sprintf("there is an iteration %d", i+1)) {
			return false
		}
	}
	return true
}

// iterations executes the loop.
func (m *machine) iterations() {
	r := m.strip
	for r.iter = 0; m.begins(r.iter); r.iter++ {
		m.enter(r.iter)
		r.cont = false
		m.headOfIteration()
		if m.iteration() && !r.cont {
			return
		}
	}
	m.enter(r.iter)
	if r.h.kind == counting {
		m.conditionOf(r.h.orig.(*ast.ForStmt).Cond, false)
	}
	m.emit(&action{kind: exit, label: "end", text: "the code after the loop", node: r.h.orig})
}

// headOfIteration executes what the loop's head does for the iteration.
func (m *machine) headOfIteration() {
	r := m.strip
	orig := !m.s.edited
	if r.h.kind == counting {
		cond := r.h.orig.(*ast.ForStmt).Cond
		if orig {
			m.conditionOf(cond, true)
		}
		m.conditionOf(cond, false)
	}
	if r.h.kind == elements && r.h.value != nil {
		if orig && r.h.read {
			m.element(true)
		}
		if r.h.kept {
			m.element(false)
		}
	}
}

// conditionOf evaluates the condition of a counted loop.
func (m *machine) conditionOf(e ast.Expr, ahead bool) {
	l := looker{s: m.c.orig, f: m.f, nonnil: m.nonnil, below: m.below, pure: m.pure, round: m.round}
	m.copyOf(e, "the condition of the loop", l.look(e), ahead)
}

// element reads the iteration's element.
func (m *machine) element(ahead bool) {
	l := looker{s: m.c.orig, f: m.f}
	if call, ok := ast.Unparen(m.strip.h.over).(*ast.CallExpr); ok && m.c.orig.makesSlice(call) {
		return // nobody else can change it
	}
	at := l.content(m.strip.h.over)
	at.path = append(at.path[:max(0, len(at.path)-1):max(0, len(at.path)-1)], "["+m.strip.h.key+"@"+m.s.iter+"]")
	m.emit(&action{kind: evaluate, label: mark(ahead) + "element @" + m.s.iter, text: "the element", node: m.strip.h.orig, reads: []loc{at}, ahead: ahead})
}

func mark(ahead bool) string {
	if ahead {
		return "ahead "
	}
	return ""
}

// copyOf records that a piece of the original's code is executed: in its place,
// or ahead of it. Ahead it reads only what is not the iteration's own
// (gatheredOnly), and writes nothing that others see.
func (m *machine) copyOf(n ast.Node, text string, x reading, ahead bool) {
	p := printer{s: m.c.orig}
	p.node(n)
	a := &action{kind: compute, label: mark(ahead) + "do " + p.String() + " @" + m.s.iter, text: text, node: n, reads: m.foreignReads(x.reads), writes: x.writes, panics: x.panics, ahead: ahead}
	if ahead {
		a.writes = nil
	}
	m.emit(a)
}

// foreignReads leaves out the storage of the iteration's own variables.
func (m *machine) foreignReads(list []loc) []loc {
	var out []loc
	for _, l := range list {
		if l.mem || !m.s.per[baseOf(l.root)] {
			out = append(out, l)
		}
	}
	return out
}

// iteration executes the body, and reports whether the path has ended, or the
// iteration by continue.
func (m *machine) iteration() bool {
	r := m.strip
	for i, p := range r.pairs {
		if m.s.edited {
			if i == r.fill && r.t.within == nil {
				m.refill()
			}
			switch {
			case p.lane != nil:
				m.takeLane(p)
				continue
			case p.e == nil:
				continue
			}
			if m.stmt(p.e) {
				return true
			}
			continue
		}
		if p.o == nil {
			continue
		}
		m.aheadOfOriginal(p)
		switch {
		case p.e == nil && !m.c.declaresLane(r.t, p.o):
			continue // only the calls needed it
		case m.c.declaresLane(r.t, p.o):
			m.copyOf(p.o, m.c.orig.text(p.o), m.looker.silent(p.o), false)
			continue
		case p.lane != nil:
			m.copyOf(p.o, m.c.orig.text(p.o), m.looker.silent(p.o), false)
			continue
		}
		if m.stmt(p.o) {
			return true
		}
	}
	if m.s.edited && r.fill == len(r.pairs) {
		m.c.edit.fail(r.t.refill, "the table is filled where no call follows")
	}
	return false
}

// aheadOfOriginal records, for a statement of the original that the edited
// version also executes ahead, that it may as well be executed twice.
func (m *machine) aheadOfOriginal(p paired) {
	for _, g := range m.strip.t.ahead {
		if g.orig != p.o || g.orig == nil {
			continue
		}
		if g.skip != nil {
			cond := p.o.(*ast.IfStmt).Cond
			m.copyOf(cond, m.c.orig.text(cond), m.look(cond), true)
			continue
		}
		m.copyOf(p.o, m.c.orig.text(p.o), m.looker.silent(p.o), true)
	}
}

// takeLane executes `v := array[lane]`.
func (m *machine) takeLane(p paired) {
	r := m.strip
	if r.lane >= len(r.lanes) || r.lanes[r.lane] != r.iter {
		m.s.fail(p.e, "%s takes what is of another iteration", m.s.text(p.e))
	}
	if !p.lane.value {
		return // the same variable under another name
	}
	l := looker{s: m.c.orig, f: m.f, nonnil: m.nonnil, below: m.below, pure: m.pure, round: m.round}
	x := l.silent(p.o)
	m.copyOf(p.o, m.c.orig.text(p.o), x, false)
}

// refill executes the code that fills and runs the table if it holds nothing
// for the iteration.
func (m *machine) refill() {
	r := m.strip
	t := r.t
	r.lane++
	n := len(t.entries)
	if _, ran := m.ran[r.lane*n]; r.lane < len(r.lanes) && ran {
		if r.lanes[r.lane] != r.iter {
			m.s.fail(t.refill, "a lane is taken for that of another iteration")
		}
		return
	}
	r.lane, r.lanes = 0, nil
	m.ran = map[int]int{}
	now := r.iter
	f := filling{machine: m, trace: map[int][]*action{}, entry: map[*action]int{}, holding: map[[2]int]bool{}}
	for i := now; len(r.lanes) < symLanes && (i == now || m.begins(i)); i++ {
		if !f.look(i) {
			break
		}
	}
	m.enter(now)
	f.run()
	m.enter(now)
}

// lookerFor looks at an iteration's code with what is known where the table is
// filled.
func (m *machine) lookerFor() *looker {
	l := m.looker
	l.nonnil = maps.Clone(m.nonnil)
	return &l
}
