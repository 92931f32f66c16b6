// SPDX-License-Identifier: BSD-3-Clause

package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/autobatch/autobatch/internal/effects"
	"github.com/autobatch/autobatch/plan"
)

// file is the state of rewriting one file.
type file struct {
	Input
	tok   *token.File
	rt    string          // the name of batchrt in this file
	used  map[string]bool // identifiers of the file and the package
	outer map[string]bool // names of the package and of imports
	words map[*ast.FuncDecl]map[string]bool
	taken map[*ast.FuncDecl]map[string]bool
}

// File returns the edits that turn the regions into batches. Regions whose
// result does not type-check, or is not proven to do the same as the original
// (package verify), are left out, with a remark.
func File(in Input) (*Edits, []plan.Remark) {
	if len(in.Regions) == 0 {
		return &Edits{}, nil
	}
	f := &file{Input: in, tok: in.Fset.File(in.File.FileStart), words: map[*ast.FuncDecl]map[string]bool{}}
	f.names()
	regions := in.Regions
	var bad []plan.Remark
	for len(regions) > 0 {
		e := f.edits(regions)
		wrong := f.faults(e)
		if len(wrong) == 0 {
			return e, bad
		}
		var good []*Region
		for _, r := range regions {
			if err := wrong[r]; err != nil {
				bad = append(bad, plan.Remark{Pos: r.Plan.Pos, Reason: plan.Verify, Near: true, Text: err.Error()})
			} else {
				good = append(good, r)
			}
		}
		regions = good
	}
	return &Edits{}, bad
}

func (f *file) edits(regions []*Region) *Edits {
	f.taken = map[*ast.FuncDecl]map[string]bool{}
	e := &Edits{Regions: regions}
	for _, r := range regions {
		e.region = append(e.region, f.regionEdits(r))
	}
	e.imports = f.addImport()
	e.drop = f.dropImports(regions)
	return e
}

// regionEdits puts the table before the first statement and results in the
// place of the calls.
func (f *file) regionEdits(r *Region) []plan.Edit {
	if r.Strip != nil {
		return f.stripEdits(r)
	}
	at := f.tok.Offset(r.At)
	indent := f.indent(at)
	ops := f.fresh(r.Decl, "ops", "table", "batch")
	arena := ""
	var elems []string
	slots := r.slots()
	for i, s := range r.Sites {
		e := r.Plan.Entries[i]
		recv := f.rt
		if needsArena(e.Func) {
			if arena == "" {
				arena = f.fresh(r.Decl, "a", "arena", "paths")
			}
			recv = arena
		}
		number := func(k int) string { return strconv.Itoa(slots[k]) }
		for _, l := range s.Loads {
			elems = append(elems, f.load(l, number(i), nil))
		}
		elems = append(elems, recv+"."+constructor(e)+"("+f.args(s.Call, e.Refs, nil)+")"+refs(e, number)+jumps(e.GoOn)+f.under(s.Under))
	}
	var b strings.Builder
	var edits []plan.Edit
	b.WriteString(f.note(r, indent))
	for _, m := range r.Moves {
		from, to := f.tok.Offset(m.From), f.tok.Offset(m.To)
		fmt.Fprintf(&b, "%s\n%s", f.Content[from:to], indent)
		edits = append(edits, f.removal(from, to))
	}
	if arena != "" {
		fmt.Fprintf(&b, "var %s %s.Arena\n%s", arena, f.rt, indent)
	}
	if r.Ordered {
		fmt.Fprintf(&b, "var %s [%d]%s.Op\n%s", ops, len(elems), f.rt, indent)
		for i, el := range elems {
			fmt.Fprintf(&b, "%s[%d] = %s\n%s", ops, i, el, indent)
		}
	} else {
		fmt.Fprintf(&b, "%s := []%s.Op{\n", ops, f.rt)
		for _, el := range elems {
			fmt.Fprintf(&b, "%s\t%s,\n", indent, el)
		}
		fmt.Fprintf(&b, "%s}\n%s", indent, indent)
	}
	whole := ops
	if r.Ordered {
		whole += "[:]"
	}
	fmt.Fprintf(&b, "%s.Run(%s)\n%s", f.rt, whole, indent)
	for _, v := range r.KeepAlive {
		fmt.Fprintf(&b, "%s.KeepAlive(%s)\n%s", f.rt, v, indent)
	}
	edits = append(edits, plan.Edit{Start: at, End: at, New: b.String()})
	for i, s := range r.Sites {
		from, to := f.tok.Offset(s.Call.Pos()), f.tok.Offset(s.Call.End())
		edits = append(edits, f.resultEdits(r.Plan.Entries[i], s, fmt.Sprintf("%s[%d]", ops, slots[i]), from, to)...)
	}
	return append(edits, f.blanks(r)...)
}

// note names the rules that were relaxed for a region, unless the source does
// so already: as the directive that a later run finds there.
func (f *file) note(r *Region, indent string) string {
	s := ""
	for _, n := range r.Plan.Assumes {
		from, to := r.Decl.Pos(), r.Decl.End()
		if r.Decl.Doc != nil {
			from = r.Decl.Doc.Pos()
		}
		if text := string(f.Content[f.tok.Offset(from):f.tok.Offset(to)]); !strings.Contains(text, "//batch:assume") || !strings.Contains(text, n) {
			s += "//batch:assume " + n + "\n" + indent
		}
	}
	return s
}

// blanks leaves out names that nothing reads any more. Where := then declares
// nothing, it becomes =.
func (f *file) blanks(r *Region) []plan.Edit {
	var edits []plan.Edit
	gone := map[*ast.Ident]bool{}
	for _, id := range r.Blank {
		gone[id] = true
		edits = append(edits, plan.Edit{Start: f.tok.Offset(id.Pos()), End: f.tok.Offset(id.End()), New: "_"})
	}
	ast.Inspect(r.Decl, func(n ast.Node) bool {
		as, ok := n.(*ast.AssignStmt)
		if !ok || as.Tok != token.DEFINE {
			return true
		}
		touched, declares := false, false
		for _, l := range as.Lhs {
			id, _ := l.(*ast.Ident)
			touched = touched || gone[id]
			declares = declares || id != nil && !gone[id] && f.Info.Defs[id] != nil
		}
		if touched && !declares {
			at := f.tok.Offset(as.TokPos)
			edits = append(edits, plan.Edit{Start: at, End: at + 2, New: "="})
		}
		return true
	})
	return edits
}

// resultEdits replaces the call [from, to) by the result of the entry op, or
// wraps it where control may get here without the entry.
func (f *file) resultEdits(e plan.Entry, s Site, op string, from, to int) []plan.Edit {
	form := forms[e.Func.Result]
	if e.Func.Result == effects.ResRaw {
		// The number's type is named as the call's package is.
		q := ""
		if sel, ok := ast.Unparen(s.Call.Fun).(*ast.SelectorExpr); ok {
			q = string(f.Content[f.tok.Offset(sel.X.Pos()):f.tok.Offset(sel.X.End())]) + "."
		}
		form.sig = " (uintptr, uintptr, " + q + "Errno)"
	}
	prefix := ""
	if s.Whole && form.values > 0 {
		prefix = strings.TrimSuffix(strings.Repeat("_, ", form.values), ", ") + " = "
	}
	if !e.Resume {
		return []plan.Edit{{Start: from, End: to, New: prefix + op + "." + form.method + "()"}}
	}
	ret := "return "
	if form.values == 0 {
		ret = ""
	}
	return []plan.Edit{
		{Start: from, End: from, New: prefix + op + "." + form.method + "Or(func()" + form.sig + " { " + ret},
		{Start: to, End: to, New: " })"},
	}
}

// form is how a result is asked for.
type form struct {
	method string
	sig    string // of the function that makes the plain call
	values int
}

var forms = map[effects.Result]form{
	effects.ResErr:        {"Err", " error", 1},
	effects.ResIntErr:     {"Int", " (int, error)", 2},
	effects.ResInt64Err:   {"Int64", " (int64, error)", 2},
	effects.ResUintptrErr: {"Uintptr", " (uintptr, error)", 2},
	effects.ResInt:        {"Val", " int", 1},
	effects.ResNone:       {"None", "", 0},
	effects.ResRaw:        {"Raw", "", 3},
	effects.ResPtrErr:     {"Pointer", " (unsafe.Pointer, error)", 2},
}

// Expressible reports whether the result form has an accessor.
func Expressible(r effects.Result) bool { _, ok := forms[r]; return ok }

// needsArena reports whether the constructor copies an argument.
func needsArena(fn *effects.Func) bool { return slices.ContainsFunc(fn.Params, effects.Param.Copied) }

func constructor(e plan.Entry) string {
	if e.Std && e.Func.StdParams != nil {
		return "Sys" + e.Func.Name
	}
	return e.Func.Name
}

// jumps spells out on which outcomes the batch ends, or does not: a failure
// ends it unless something else is said.
func jumps(goOn plan.Class) string {
	s := ""
	if goOn&plan.Neg != 0 {
		s += ".GoOn()"
	}
	switch {
	case goOn&plan.Success == 0:
		s += ".StopOnSuccess()"
	case goOn&plan.Zero == 0:
		s += ".StopOnZero()"
	case goOn&plan.Pos == 0:
		s += ".StopOnPositive()"
	}
	return s
}

// under spells out the conditions of an entry.
func (f *file) under(list []Condition) string {
	s := ""
	for _, c := range list {
		s += ".If(" + f.condition(c) + ")"
	}
	return s
}

// opposite gives the comparison that holds where another does not.
var opposite = map[token.Token]token.Token{
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.LSS: token.GEQ, token.GEQ: token.LSS, token.GTR: token.LEQ, token.LEQ: token.GTR,
}

// condition writes a condition, or its opposite.
func (f *file) condition(c Condition) string {
	e := ast.Unparen(c.Expr)
	src := func(n ast.Node) string { return string(f.Content[f.tok.Offset(n.Pos()):f.tok.Offset(n.End())]) }
	if !c.Not {
		return src(e)
	}
	switch x := e.(type) {
	case *ast.BinaryExpr:
		op, ok := opposite[x.Op]
		b, basic := f.Info.TypeOf(x.X).Underlying().(*types.Basic)
		if ok && (x.Op == token.EQL || x.Op == token.NEQ || basic && b.Info()&(types.IsFloat|types.IsComplex) == 0) { // NaN
			return src(x.X) + " " + op.String() + " " + src(x.Y)
		}
		return "!(" + src(x) + ")"
	case *ast.UnaryExpr:
		if x.Op == token.NOT {
			return src(ast.Unparen(x.X))
		}
	}
	return "!" + src(e)
}

// refs spells out which arguments are results of earlier entries, whose place
// in the table number writes. FD is for what goes to the kernel first.
func refs(e plan.Entry, number func(int) string) string {
	s := ""
	for _, r := range e.Refs {
		switch {
		case r.Load:
		case r.Arg == 0 && e.Func.InFirst(0):
			s += fmt.Sprintf(".FD(%s)", number(r.Entry))
		default:
			s += fmt.Sprintf(".Ref(%d, %s)", r.Arg, number(r.Entry))
		}
	}
	return s
}

// load writes the entry that loads an argument of the entry whose place is given.
// Identifiers for which other gives a text are replaced by it.
func (f *file) load(l Load, to string, other func(*ast.Ident) string) string {
	at := f.tok.Offset(l.Field.Pos())
	text := string(f.Content[at:f.tok.Offset(l.Field.End())])
	ast.Inspect(l.Field, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && other != nil {
			if s := other(id); s != "" {
				text = text[:f.tok.Offset(id.Pos())-at] + s + text[f.tok.Offset(id.End())-at:]
			}
		}
		return true
	})
	return fmt.Sprintf("%s.Load(%s, %d, &%s)", f.rt, to, l.Arg, text)
}

// args is the text between the parentheses of a call, comments included. An
// argument that is a reference has no value yet: -1 stands in its place, or 0
// where that is not possible.
// Identifiers for which other gives a text are replaced by it.
func (f *file) args(c *ast.CallExpr, refs []plan.Ref, other func(*ast.Ident) string) string {
	at := f.tok.Offset(c.Lparen) + 1
	text := f.Content[at:f.tok.Offset(c.Rparen)]
	var b strings.Builder
	done := 0
	put := func(n ast.Node, s string) {
		from, to := f.tok.Offset(n.Pos())-at, f.tok.Offset(n.End())-at
		b.Write(text[done:from])
		b.WriteString(s)
		done = to
	}
	for k, a := range c.Args {
		if slices.ContainsFunc(refs, func(r plan.Ref) bool { return r.Arg == k }) {
			if b, ok := f.Info.TypeOf(a).Underlying().(*types.Basic); ok && b.Info()&types.IsUnsigned != 0 {
				put(a, "0")
			} else {
				put(a, "-1")
			}
			continue
		}
		ast.Inspect(a, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && other != nil {
				if s := other(id); s != "" {
					put(id, s)
				}
			}
			return true
		})
	}
	b.Write(text[done:])
	s := b.String()
	return strings.TrimSpace(s) + trailing(s)
}

// removal deletes a statement, with its line where it has one to itself.
func (f *file) removal(from, to int) plan.Edit {
	a, b := from, to
	for a > 0 && (f.Content[a-1] == ' ' || f.Content[a-1] == '\t') {
		a--
	}
	for b < len(f.Content) && (f.Content[b] == ' ' || f.Content[b] == '\t') {
		b++
	}
	if (a == 0 || f.Content[a-1] == '\n') && b < len(f.Content) && f.Content[b] == '\n' {
		return plan.Edit{Start: a, End: b + 1}
	}
	if b < len(f.Content) && f.Content[b] == ';' {
		b++
	}
	return plan.Edit{Start: from, End: b}
}

// trailing keeps the newline that ends a line comment before the parenthesis.
func trailing(s string) string {
	i := strings.LastIndexByte(s, '\n')
	if i < 0 || strings.TrimSpace(s[i:]) != "" {
		return ""
	}
	return "\n"
}

// indent is the white space that the line of the offset begins with.
func (f *file) indent(at int) string {
	from := at
	for from > 0 && f.Content[from-1] != '\n' {
		from--
	}
	to := from
	for to < at && (f.Content[to] == ' ' || f.Content[to] == '\t') {
		to++
	}
	return string(f.Content[from:to])
}
