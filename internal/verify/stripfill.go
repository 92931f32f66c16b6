// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"github.com/autobatch/autobatch/internal/effects"
)

const (
	stringType = types.IsString
	intErr     = effects.ResIntErr
	int64Err   = effects.ResInt64Err
)

// filling is the execution of the code that fills and runs a table.
type filling struct {
	*machine
	trace map[int][]*action // of lane n; what is done for iterations without one goes to the next
	loose []*action
	entry map[*action]int // of which the arguments are evaluated
	// holding says of entry k of lane n whether its conditions hold.
	holding map[[2]int]bool
}

// look executes the code for one iteration, which gives it a lane unless the
// iteration ends before its calls. It reports whether the next one may be looked
// at.
func (f *filling) look(iter int) bool {
	m, r := f.machine, f.strip
	t := r.t
	first := len(r.lanes) == 0
	m.enter(iter)
	begin := len(m.trace)
	defer func() {
		f.loose = append(f.loose, m.trace[begin:]...)
		m.trace = m.trace[:begin]
	}()
	if r.h.kind == counting {
		m.conditionOf(r.h.orig.(*ast.ForStmt).Cond, true)
	}
	if !first {
		for _, g := range t.guards {
			if f.cuts(g) {
				return false
			}
		}
	}
	if r.h.read {
		m.element(true)
	}
	l := m.lookerFor()
	for _, p := range t.ahead {
		switch {
		case p.skip != nil:
			x := l.look(p.skip)
			if x.opaque != "" {
				m.s.fail(p.skip, "%s cannot be evaluated ahead: %s", m.s.text(p.skip), x.opaque)
			}
			m.copyOf(p.orig.(*ast.IfStmt).Cond, m.s.text(p.skip), x, true)
			if m.aheadHolds(p.skip) {
				if first && iter == r.iter {
					m.s.fail(t.refill, "the iteration is skipped that the table is filled for")
				}
				return true
			}
			l.compared(p.skip, false, l.nonnil)
		case p.zero != nil:
			o := looker{s: m.c.orig, f: m.f}
			m.copyOf(p.zero.orig, m.c.orig.text(p.zero.orig), o.silent(p.zero.orig), false)
		case p.keep != nil:
		case p.entry >= 0:
			f.holding[[2]int{len(r.lanes), p.entry}] = true
			if m.b.entries[p.entry].load != nil {
				break
			}
			for _, a := range m.b.entries[p.entry].call.Args {
				delete(m.vals, a) // of an earlier iteration
			}
			f.arguments(l, p.entry, first)
			f.holding[[2]int{len(r.lanes), p.entry}] = m.under(m.b.entries[p.entry])
		case p.orig == nil: // the element, which the head has read
		default:
			x := l.silent(p.stmt)
			if x.opaque != "" {
				m.s.fail(p.stmt, "%q cannot be executed ahead: %s", m.s.text(p.stmt), x.opaque)
			}
			m.copyOf(p.orig, m.s.text(p.stmt), x, true)
		}
	}
	for _, a := range m.trace[begin:] {
		if a.panics != "" && !first {
			m.s.fail(a.node, "%s ahead of its iteration: %s", a.text, a.panics)
		}
	}
	n := len(r.lanes)
	f.trace[n] = append(f.loose, m.trace[begin:]...)
	f.loose = nil
	m.trace = m.trace[:begin]
	r.lanes = append(r.lanes, iter)
	return true
}

// arguments evaluates the arguments of one entry of a lane.
func (f *filling) arguments(l *looker, k int, first bool) {
	m := f.machine
	begin := len(m.trace)
	for i, a := range m.b.entries[k].call.Args {
		tv := m.s.Info.Types[a]
		if tv.Value != nil || tv.IsNil() {
			continue
		}
		if m.c.arrayIn(m.strip.t, a) != nil {
			m.nameLanes(m.b.entries[k].call)
			m.emit(&action{kind: evaluate, label: "eval arg " + m.label(a), text: m.s.text(a), node: a})
			continue
		}
		x := l.look(a)
		if x.opaque != "" {
			m.s.fail(a, "%s is evaluated ahead: %s", m.s.text(a), x.opaque)
		}
		if x.panics != "" && (!first || k > 0) {
			m.s.fail(a, "%s is evaluated ahead, and %s", m.s.text(a), x.panics)
		}
		tag, y := m.argument(m.b.entries[k].sys, i, a)
		m.emit(&action{kind: evaluate, label: "eval " + tag + m.label(y), text: m.s.text(a), node: a, reads: m.foreignReads(x.reads), panics: x.panics})
	}
	for _, x := range m.trace[begin:] {
		f.entry[x] = k
	}
}

// cuts decides a guard. That it did not cut the strip says that an index, or the
// bounds of a part, are in range; of an index that begins at zero or more also
// that those before it were.
func (f *filling) cuts(g ast.Expr) bool {
	m, r := f.machine, f.strip
	l := m.lookerFor()
	if x := l.look(g); x.opaque != "" || x.panics != "" {
		m.s.fail(g, "the guard %s is not modelled", m.s.text(g))
	}
	if m.d.ask(fmt.Sprintf("guard %s @%d", m.label(g), r.iter), fmt.Sprintf("%s holds", m.s.text(g))) {
		return true
	}
	var parts []ast.Expr
	var split func(e ast.Expr)
	split = func(e ast.Expr) {
		if b, ok := ast.Unparen(e).(*ast.BinaryExpr); ok && b.Op == token.LOR {
			split(b.X)
			split(b.Y)
			return
		}
		parts = append(parts, ast.Unparen(e))
	}
	split(g)
	m.c.indexGuard(m, parts)
	m.c.boundsGuard(m, parts)
	return false
}

// indexGuard understands i >= len(x).
func (c *checker) indexGuard(m *machine, parts []ast.Expr) {
	b, ok := parts[0].(*ast.BinaryExpr)
	if len(parts) != 1 || !ok || b.Op != token.GEQ {
		return
	}
	i := c.edit.variable(b.X)
	of := c.edit.builtin(b.Y, "len")
	if i == nil || baseOf(c.edit.name(i)) != m.strip.h.key || len(of) != 1 || !c.countsFromZero(m.strip.h) {
		return
	}
	x := c.edit.variable(of[0])
	if x == nil || !c.fixedIn(m.strip.h, c.edit.name(x)) {
		return
	}
	var now int
	fmt.Sscan(m.s.iter, &now)
	for k := 0; k <= now; k++ {
		m.round[fmt.Sprintf("%s@%d in %s", m.strip.h.key, k, baseOf(c.edit.name(x)))] = true
	}
}

// boundsGuard understands lo < 0 || hi < lo || hi > cap(x), with lo = 0 if the
// first part is missing, and hi = len(x) if the last is.
func (c *checker) boundsGuard(m *machine, parts []ast.Expr) {
	var low, high, of ast.Expr
	bin := func(e ast.Expr, op token.Token) *ast.BinaryExpr {
		if b, ok := e.(*ast.BinaryExpr); ok && b.Op == op {
			return b
		}
		return nil
	}
	rest := parts
	if b := bin(rest[0], token.LSS); b != nil && c.edit.zero(b.Y) && len(rest) > 1 {
		low = b.X
		rest = rest[1:]
	}
	b := bin(rest[0], token.LSS)
	if b == nil || low != nil && !c.sameText(low, b.Y) || low == nil && !c.edit.zero(b.Y) {
		return
	}
	high = b.X
	switch len(rest) {
	case 1:
		args := c.edit.builtin(high, "len")
		if len(args) != 1 {
			return
		}
		of, high = args[0], nil
	case 2:
		g := bin(rest[1], token.GTR)
		if g == nil || !c.sameText(high, g.X) {
			return
		}
		name := "cap"
		args := c.edit.builtin(g.Y, name)
		if len(args) != 1 {
			if args = c.edit.builtin(g.Y, "len"); len(args) != 1 || !basic(c.edit.typeOf(args[0]), stringType) {
				return
			}
		}
		of = args[0]
	default:
		return
	}
	x := c.edit.variable(of)
	if x == nil || !c.fixedIn(m.strip.h, c.edit.name(x)) {
		return
	}
	m.round[m.looker.bounds(&ast.SliceExpr{X: of, Low: low, High: high})] = true
}

// sameText reports whether two expressions of the edited version are alike.
func (c *checker) sameText(a, b ast.Expr) bool {
	p, q := printer{s: c.edit}, printer{s: c.edit}
	p.node(a)
	q.node(b)
	return p.String() == q.String()
}

// countsFromZero reports whether the loop's index is never negative.
func (c *checker) countsFromZero(h *head) bool {
	f, ok := h.orig.(*ast.ForStmt)
	if !ok {
		return true
	}
	n, ok := c.orig.number(f.Init.(*ast.AssignStmt).Rhs[0])
	return ok && n >= 0
}

// fixedIn reports whether a variable keeps its value while the loop runs.
func (c *checker) fixedIn(h *head, name string) bool {
	obj := c.orig.byName[baseOf(name)]
	if obj == nil || h.orig.Pos() <= obj.Pos() && obj.Pos() < h.orig.End() {
		return false
	}
	f := c.facts
	return !f.taken(name) && !f.captured(name) && !f.results[name] && !c.assignedIn(c.orig, h.orig)[name]
}

// run executes the table: in order, each lane's entries, by their jumps.
func (f *filling) run() {
	m, r := f.machine, f.strip
	n := len(m.b.entries)
	type slot struct{ lane, entry int }
	made := 0
	var order []slot
	for i := 0; i >= 0 && i < n*len(r.lanes); {
		x := m.b.entries[i%n]
		k := len(m.calls) + made
		lane := i / n
		if x.load != nil {
			order = append(order, slot{lane, i % n})
			i++
			continue
		}
		if !f.holding[[2]int{lane, i % n}] {
			i++
			continue
		}
		for _, to := range x.refs {
			from, ran := m.ran[lane*n+to]
			if to < 0 || to >= i%n || !ran {
				m.s.fail(x.call, "%s refers to an entry that has not run", m.s.text(x.call))
			}
			y := m.b.entries[to]
			if y.load != nil || y.sys.result != intErr && y.sys.result != int64Err {
				m.s.fail(x.call, "%s refers to %s, which returns no int", m.s.text(x.call), m.s.text(y.call))
			}
			if m.failsAs(from, y) {
				m.s.fail(x.call, "%s refers to the result of %s even when that fails", m.s.text(x.call), m.s.text(y.call))
			}
		}
		m.ran[i] = k
		made++
		order = append(order, slot{lane, i % n})
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
	done := -1
	for _, s := range order {
		if s.lane > done {
			done = s.lane
			for _, x := range f.trace[s.lane] {
				k, argument := f.entry[x]
				if _, ran := m.ran[s.lane*n+k]; !argument || ran {
					m.trace = append(m.trace, x)
				}
			}
		}
	}
	for _, s := range order {
		m.enter(r.lanes[s.lane])
		x := m.b.entries[s.entry]
		for arg, to := range x.refs {
			m.vals[x.call.Args[arg]] = numberLabel(m.ran[s.lane*n+to])
		}
		if x.load != nil {
			m.nameIn(x.load.src)
			m.load(x, m.b.entries[x.load.entry])
			continue
		}
		m.nameLanes(x.call)
		for k, a := range x.call.Args {
			if !x.loads[k] {
				tag, y := m.argument(x.sys, k, a)
				m.nameField(a, tag, y)
			}
		}
		m.made(x.call, x.sys)
	}
}

// nameIn gives the lane variables inside of an expression the names of the
// variables that they are.
func (m *machine) nameIn(e ast.Expr) {
	ast.Inspect(e, func(n ast.Node) bool {
		x, ok := n.(*ast.IndexExpr)
		if !ok {
			return true
		}
		if id, ok := x.X.(*ast.Ident); ok {
			if v := m.strip.t.arrays[m.c.edit.object(id)]; v != nil {
				m.vals[x] = v.name + "@" + m.s.iter
				m.places[x] = v.name + "@" + m.s.iter
			}
		}
		return true
	})
}

// nameLanes gives the lane variables in an entry's arguments the names of the
// variables that they are.
func (m *machine) nameLanes(call *ast.CallExpr) {
	for _, a := range call.Args {
		if v := m.c.arrayIn(m.strip.t, a); v != nil {
			x := wholeOf(a)
			m.vals[x] = v.name + "@" + m.s.iter
			m.places[x] = v.name + "@" + m.s.iter
		}
	}
}
