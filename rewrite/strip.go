// SPDX-License-Identifier: BSD-3-Clause

package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"github.com/autobatch/autobatch/plan"
)

// stripText is the state of writing one strip-mined loop.
type stripText struct {
	*file
	r     *Region
	s     *Strip
	names struct{ ops, arena, lane, lanes, end, list, key string }
	vars  map[string]string // the arrays of the lane variables
	edits []plan.Edit
}

// stripEdits leaves the loop as it is, but for the code in front of its first
// call that fills and runs the table when the lanes are used up.
func (f *file) stripEdits(r *Region) []plan.Edit {
	x := &stripText{file: f, r: r, s: r.Strip, vars: map[string]string{}}
	x.names.ops = f.fresh(r.Decl, "ops", "table", "batch")
	for _, s := range r.Plan.Entries {
		if needsArena(s.Func) && x.names.arena == "" {
			x.names.arena = f.fresh(r.Decl, "a", "arena", "paths")
		}
	}
	x.names.lane, x.names.lanes = f.fresh(r.Decl, "lane"), f.fresh(r.Decl, "lanes")
	for _, v := range x.s.Vars {
		x.vars[v.Name] = f.fresh(r.Decl, v.Name+"s", v.Name+"Lanes")
	}
	x.names.key = x.s.Key
	if x.s.Bind {
		x.names.list = f.fresh(r.Decl, "list", "items")
	}
	if x.s.Key == "" && x.s.Kind != Counted {
		x.names.key = f.fresh(r.Decl, "i", "j", "index")
	}
	x.before()
	x.header()
	x.refill()
	x.body()
	return x.edits
}

func (x *stripText) offset(p token.Pos) int { return x.tok.Offset(p) }

func (x *stripText) source(n ast.Node) string {
	return string(x.Content[x.offset(n.Pos()):x.offset(n.End())])
}

// entry is the index of the entry k of the lane that v counts.
func (x *stripText) entry(v string, k int) string {
	slots := x.r.slots()
	return place(v, slots[len(slots)-1], slots[k])
}

// place is the k-th of m entries of the lane that v counts.
func place(v string, m, k int) string {
	switch {
	case m == 1:
		return v
	case k == 0:
		return fmt.Sprintf("%d*%s", m, v)
	}
	return fmt.Sprintf("%d*%s+%d", m, v, k)
}

// before declares the table and what belongs to it in front of the loop.
func (x *stripText) before() {
	at := x.offset(x.s.Outer.Pos())
	indent := x.indent(at)
	var b strings.Builder
	b.WriteString(x.note(x.r, indent))
	if x.s.Bind {
		fmt.Fprintf(&b, "%s := %s\n%s", x.names.list, x.source(x.s.Over), indent)
	}
	if x.names.arena != "" {
		fmt.Fprintf(&b, "var %s %s.Arena\n%s", x.names.arena, x.rt, indent)
	}
	fmt.Fprintf(&b, "var %s [%d]%s.Op\n%s", x.names.ops, x.s.Lanes*x.r.slots()[len(x.r.Sites)], x.rt, indent)
	for _, v := range x.s.Vars {
		fmt.Fprintf(&b, "var %s [%d]%s\n%s", x.vars[v.Name], x.s.Lanes, v.Type, indent)
	}
	fmt.Fprintf(&b, "%s, %s := 0, 0\n%s", x.names.lane, x.names.lanes, indent)
	x.edits = append(x.edits, plan.Edit{Start: at, End: at, New: b.String()})
}

// header names the index, and drops the element where nothing needs it.
func (x *stripText) header() {
	s, ok := x.s.Stmt.(*ast.RangeStmt)
	if !ok {
		return
	}
	from, to := x.offset(s.For)+len("for"), x.offset(s.X.Pos())
	head := " " + x.names.key
	if x.s.Value != "" && !x.s.DropValue {
		head += ", " + x.s.Value
	}
	head += " := range "
	if x.s.Bind {
		to = x.offset(s.X.End())
		head += x.names.list
	}
	if was := string(x.Content[from:to]); strings.Join(strings.Fields(was), " ") != strings.TrimSpace(head) {
		x.edits = append(x.edits, plan.Edit{Start: from, End: to, New: head})
	}
}

// over is what is ranged over.
func (x *stripText) over() string {
	if x.s.Bind {
		return x.names.list
	}
	return x.source(x.s.Over)
}

// refill fills the table for this iteration and those to come, and runs it.
func (x *stripText) refill() {
	at := x.offset(x.s.At)
	indent := x.indent(at)
	n := x.names
	var b strings.Builder
	line := func(depth int, format string, args ...any) {
		fmt.Fprintf(&b, format+"\n"+indent+strings.Repeat("\t", depth), args...)
	}
	line(1, "if %s++; %s >= %s || !%s[%s].Ran() {", n.lane, n.lane, n.lanes, n.ops, place(n.lane, x.r.slots()[len(x.r.Sites)], 0))
	line(1, "%s, %s = 0, 0", n.lane, n.lanes)
	if n.arena != "" {
		line(1, "%s.Reset()", n.arena)
	}
	x.lookahead(func(format string, args ...any) { line(2, format, args...) })
	for k := range len(x.r.Sites) + 1 {
		for _, g := range x.s.Gather {
			if g.Before == k {
				x.gather(g, line)
			}
		}
		if k < len(x.r.Sites) {
			x.fill(k, line)
		}
	}
	line(1, "%s++", n.lanes)
	line(1, "}")
	line(0, "%s.Run(%s[:%s])", x.rt, n.ops, place(n.lanes, x.r.slots()[len(x.r.Sites)], 0))
	line(0, "}")
	for _, v := range x.s.Vars {
		if v.Decl.Pos() < x.s.At && !v.Unused {
			line(0, "%s := %s[%s]", v.Name, x.vars[v.Name], n.lane)
		}
	}
	x.edits = append(x.edits, plan.Edit{Start: at, End: at, New: b.String()})
}

// lookahead is the head of the loop over the iterations to come.
func (x *stripText) lookahead(line func(string, ...any)) {
	n, s := x.names, x.s
	skips := slices.ContainsFunc(s.Gather, func(g Gather) bool { return g.Skip != nil })
	switch {
	case s.All && s.Kind == RangeElements && s.UsesValue && !s.UsesKey && len(s.Guards) == 0:
		line("for _, %s := range %s[%s:] {", s.Value, x.over(), n.key)
	case s.All && s.Kind == RangeElements:
		line("for %s := %s; %s < len(%s); %s++ {", n.key, n.key, n.key, x.over(), n.key)
		if s.UsesValue {
			line("%s := %s[%s]", s.Value, x.over(), n.key)
		}
	case s.All && s.Kind == RangeInt:
		line("for %s := %s; %s < %s; %s++ {", n.key, n.key, n.key, x.over(), n.key)
	case s.All:
		l := s.Stmt.(*ast.ForStmt)
		line("for %s := %s; %s; %s {", n.key, n.key, x.source(l.Cond), x.source(l.Post))
	case s.Kind == RangeElements && s.UsesValue && !s.UsesKey && len(s.Guards) == 0:
		line("for _, %s := range %s[%s:min(%s+%d, len(%s))] {", s.Value, x.over(), n.key, n.key, s.Lanes, x.over())
	case s.Kind == RangeElements:
		n.end = x.fresh(x.r.Decl, "end")
		line("for %s, %s := %s, min(%s+%d, len(%s)); %s < %s; %s++ {", n.key, n.end, n.key, n.key, s.Lanes, x.over(), n.key, n.end, n.key)
		if s.UsesValue {
			line("%s := %s[%s]", s.Value, x.over(), n.key)
		}
	case s.Kind == RangeInt:
		n.end = x.fresh(x.r.Decl, "end")
		line("for %s, %s := %s, %s+min(%d, %s-%s); %s < %s; %s++ {", n.key, n.end, n.key, n.key, s.Lanes, x.over(), n.key, n.key, n.end, n.key)
	default:
		l := s.Stmt.(*ast.ForStmt)
		if !skips {
			line("for %s := %s; %s < %d && %s; %s {", n.key, n.key, n.lanes, s.Lanes, x.cond(l.Cond), x.source(l.Post))
			break
		}
		n.end = x.fresh(x.r.Decl, "ahead")
		step := "1"
		if p, ok := l.Post.(*ast.AssignStmt); ok {
			step = x.source(p.Rhs[0])
		}
		line("for %s, %s := %s, 0; %s < %d && %s; %s, %s = %s+%s, %s+1 {", n.key, n.end, n.key, n.end, s.Lanes, x.cond(l.Cond), n.key, n.end, n.key, step, n.end)
	}
	for _, g := range s.Guards {
		if strings.Contains(g, "||") {
			g = "(" + g + ")"
		}
		line("if %s > 0 && %s {", n.lanes, g)
		line("\tbreak")
		line("}")
	}
}

// cond is a condition as an operand of &&.
func (x *stripText) cond(e ast.Expr) string {
	if b, ok := e.(*ast.BinaryExpr); ok && b.Op == token.LOR {
		return "(" + x.source(e) + ")"
	}
	return x.source(e)
}

// gather writes one piece of gather code.
func (x *stripText) gather(g Gather, line func(int, string, ...any)) {
	if g.Skip != nil {
		line(2, "if %s {", x.condition(Condition{g.Skip, g.Not}))
		line(2, "\tcontinue")
		line(2, "}")
		return
	}
	line(2, "%s", x.source(g.Stmt))
	for _, v := range x.s.Vars {
		if v.Gathered && v.Decl == g.Stmt {
			line(2, "%s[%s] = %s", x.vars[v.Name], x.names.lanes, v.Name)
		}
	}
}

// fill writes entry k of a lane.
func (x *stripText) fill(k int, line func(int, string, ...any)) {
	e, call := x.r.Plan.Entries[k], x.r.Sites[k].Call
	recv := x.rt
	if needsArena(e.Func) {
		recv = x.names.arena
	}
	lane := func(id *ast.Ident) string {
		for _, v := range x.s.Vars {
			if !v.Gathered && x.Info.Uses[id] != nil && x.Info.Uses[id] == x.Info.Defs[declared(v.Decl)] {
				return fmt.Sprintf("%s[%s]", x.vars[v.Name], x.names.lanes)
			}
		}
		return ""
	}
	text := x.args(call, e.Refs, lane)
	for _, v := range x.s.Vars {
		if !v.Gathered && v.First == k {
			line(2, "%s[%s] = %s", x.vars[v.Name], x.names.lanes, v.Zero)
		}
	}
	slots := x.r.slots()
	total := slots[len(slots)-1]
	refs := refs(e, func(k int) string { return x.entry(x.names.lanes, k) })
	for i, l := range x.r.Sites[k].Loads {
		at := place(x.names.lanes, total, slots[k]-len(x.r.Sites[k].Loads)+i)
		line(2, "%s[%s] = %s", x.names.ops, at, x.load(l, x.entry(x.names.lanes, k), lane))
	}
	jump := jumps(e.GoOn)
	if e.Skip != 0 {
		to := func(c plan.Class) int {
			switch {
			case e.GoOn&c != 0:
				return 0
			case e.Skip&c != 0:
				return total - 1 - slots[k]
			}
			return -1
		}
		jump = fmt.Sprintf(".Jump(%d, %d, %d)", to(plan.Neg), to(plan.Zero), to(plan.Pos))
	}
	line(2, "%s[%s] = %s.%s(%s)%s%s%s", x.names.ops, x.entry(x.names.lanes, k), recv, constructor(e), text, refs, jump, x.under(x.r.Sites[k].Under))
}

// declared is the name that a declaration of one variable declares.
func declared(s ast.Stmt) *ast.Ident {
	switch s := s.(type) {
	case *ast.AssignStmt:
		id, _ := s.Lhs[0].(*ast.Ident)
		return id
	case *ast.DeclStmt:
		return s.Decl.(*ast.GenDecl).Specs[0].(*ast.ValueSpec).Names[0]
	}
	return nil
}

// body changes the iteration itself: results in the place of calls, and lanes
// in the place of declarations.
func (x *stripText) body() {
	for i, s := range x.r.Sites {
		from, to := x.offset(s.Call.Pos()), x.offset(s.Call.End())
		op := fmt.Sprintf("%s[%s]", x.names.ops, x.entry(x.names.lane, i))
		x.edits = append(x.edits, x.resultEdits(x.r.Plan.Entries[i], s, op, from, to)...)
	}
	for _, v := range x.s.Vars {
		from, to := x.offset(v.Decl.Pos()), x.offset(v.Decl.End())
		if v.Decl.Pos() < x.s.At || v.Unused {
			x.edits = append(x.edits, x.removal(from, to))
			continue
		}
		x.edits = append(x.edits, plan.Edit{Start: from, End: to, New: fmt.Sprintf("%s := %s[%s]", v.Name, x.vars[v.Name], x.names.lane)})
	}
	x.edits = append(x.edits, x.blanks(x.r)...)
	for _, d := range x.s.Drops {
		x.edits = append(x.edits, x.removal(x.offset(d.From), x.offset(d.To)))
	}
}
