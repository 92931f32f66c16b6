// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/autobatch/autobatch/plan"
	"github.com/autobatch/autobatch/rewrite"
)

// fileState collects what is found in one file.
type fileState struct {
	pass    *analysis.Pass
	pkg     *pkgState
	syntax  *ast.File
	name    string
	content []byte
	config  buildConfig
	unsafe  bool // it imports package unsafe

	asked   []*directive
	regions []*rewrite.Region
	remarks []plan.Remark
}

// text is the source between two positions.
func (s *fileState) text(from, to token.Pos) []byte {
	f := s.pass.Fset.File(s.syntax.FileStart)
	a, b := f.Offset(from), f.Offset(to)
	if a < 0 || b > len(s.content) || a > b {
		return nil
	}
	return s.content[a:b]
}

func (s *fileState) minGroup() int { return s.pkg.options.Min }

// sameConfig reports whether the declaration at pos is compiled whenever this
// file is.
func (s *fileState) sameConfig(pos token.Pos) bool {
	f := s.pass.Fset.File(pos)
	if f == nil {
		return false
	}
	if f.Name() == s.name {
		return true
	}
	other, ok := s.pkg.configs[f.Name()]
	if !ok {
		return false
	}
	return s.config.implies(other)
}

// remark records what stood in the way. near says that another call was close.
func (s *fileState) remark(r *refusal, near bool) {
	s.remarks = append(s.remarks, plan.Remark{
		Pos:    s.pass.Fset.Position(r.pos),
		Reason: r.reason,
		Text:   r.text,
		Near:   near,
	})
}

// unusable says why a function that may be batched in general may not be in
// this file.
func (s *fileState) unusable(c *call) *refusal {
	if !rewrite.Expressible(c.fn.Result) {
		return refuse(plan.Wrapper, c.expr, "%s's results have no form in a batch", c.fn.Name)
	}
	if c.raw {
		return nil
	}
	if bad := s.keepsMemory(c); bad != nil {
		return bad
	}
	for _, g := range c.fn.Given {
		if n, ok := s.fixedInt(c.expr.Args[g.Param]); !ok || !g.Holds(n) {
			return refuse(plan.Wrapper, c.expr, "%s is batched only where %s", c.fn.Name, c.fn.GivenText(g))
		}
	}
	if s.pkg.changed(c) {
		return refuse(plan.Version, c.expr, "%s's wrapper is not the one the effects table was made from", c.fn.Name)
	}
	if c.std {
		for _, os := range s.config.systems {
			if !slices.Contains(unixes, os) && !s.pkg.never[os] {
				return refuse(plan.Portable, c.expr, "this file may be compiled for %s, where batchrt does not exist; a //go:build line would tell", os)
			}
		}
		for _, p := range s.config.ports {
			if os, _, _ := strings.Cut(p, "/"); !s.pkg.never[os] && !slices.Contains(c.fn.StdPorts, p) {
				return refuse(plan.Portable, c.expr, "syscall.%s is not the same on %s, for which this file may be compiled too; a //go:build line would tell", c.fn.Name, p)
			}
		}
		return nil
	}
	for _, p := range s.config.ports {
		if slices.Contains(c.fn.Differs, p) {
			return refuse(plan.Portable, c.expr, "%s differs on %s, for which this file is compiled too", c.fn.Name, p)
		}
	}
	return nil
}

// keepsMemory refuses to send with flags that may ask the kernel to go on
// reading the buffer after the call (MSG_ZEROCOPY).
func (s *fileState) keepsMemory(c *call) *refusal {
	const zeroCopy = 0x4000000 // linux/socket.h
	if c.fn.Name != "Send" {
		return nil
	}
	if n, ok := s.fixedInt(c.expr.Args[2]); ok && n&zeroCopy == 0 {
		return nil
	}
	return refuse(plan.Wrapper, c.expr, "with these flags Send may leave the buffer in the kernel's hands")
}

// fixedInt is the value of a constant of which other builds of the package
// have no other value.
func (s *fileState) fixedInt(e ast.Expr) (int64, bool) {
	f := &function{pass: s.pass, file: s}
	fixed := true
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			obj := s.pass.TypesInfo.ObjectOf(id)
			_, pkg := obj.(*types.PkgName)
			fixed = fixed && obj != nil && (pkg || obj.Pkg() == nil || obj.Pkg() != s.pass.Pkg && f.fixed(obj))
		}
		return fixed
	})
	n, ok := constInt(s.pass.TypesInfo, e)
	return n, ok && fixed
}

// accept turns a group into a region.
func (s *fileState) accept(f *function, g *group) {
	r := &plan.Region{Func: funcName(f.decl), Pos: s.pass.Fset.Position(g.steps[0].call.expr.Pos()), Cost: f.cost(g)}
	out := &rewrite.Region{Plan: r, Decl: f.decl, At: g.list[g.first].Pos()}
	resume := false
	var resumes []bool
	for i, st := range g.steps {
		goOn := st.goOn
		if i == len(g.steps)-1 {
			goOn = plan.Success // nothing follows, so the usual is said: nothing
		}
		e := plan.Entry{
			Func:   st.call.fn,
			Std:    st.call.std,
			Call:   s.pass.Fset.Position(st.call.expr.Pos()),
			GoOn:   goOn,
			Resume: resume,
		}
		for _, ref := range g.refs[i] {
			e.Refs = append(e.Refs, plan.Ref{Arg: ref.arg, Entry: ref.entry, Load: ref.load != nil})
		}
		r.Entries = append(r.Entries, e)
		out.Sites = append(out.Sites, rewrite.Site{Call: st.call.expr, Whole: st.whole, Under: st.under(), Loads: g.loadsOf(i)})
		resumes = append(resumes, resume)
		resume = resume || st.falls
	}
	if resume && f.shadowed(g.steps[0].call.expr.Pos(), "error", "int", "int64", "uintptr") {
		s.remark(refuse(plan.Call, g.steps[0].call.expr, "a basic type's name has another meaning here"), true)
		return
	}
	for _, b := range g.gaps {
		if b.moved {
			from, to := s.withComments(b.stmt)
			out.Moves = append(out.Moves, rewrite.Move{Stmt: b.stmt, From: from, To: to})
		}
	}
	out.KeepAlive = f.keptAlive(g, resumes)
	blank, ok := f.unread(g, resumes)
	if !ok {
		s.remark(refuse(plan.Data, g.steps[0].call.expr, "nothing would read what %s returns", g.steps[0].call.fn.Name), true)
		return
	}
	out.Blank = blank
	for _, a := range g.steps[0].call.expr.Args {
		out.Ordered = out.Ordered || f.callsSomething(a)
	}
	if f.jumpedOver(g) {
		s.remark(refuse(plan.Control, g.steps[0].call.expr, "a goto jumps over these calls: no variable can be declared before them"), true)
		return
	}
	s.add(f, out, g.steps)
}

// add takes a region that pays and that nobody minds.
func (s *fileState) add(f *function, out *rewrite.Region, steps []*step) {
	first := steps[0].call
	r := out.Plan
	for _, st := range steps {
		if d := s.ignored(st.call.expr.Pos()); d != nil {
			s.remark(refuse(plan.Ignored, first.expr, "not batched, as //batch:ignore asks: %s", d.text), true)
			return
		}
	}
	if r.Cost.Gain() <= 0 {
		s.remark(refuse(plan.Price, first.expr, "a batch of %s would not pay: it %s", first.fn.Name, r.Cost), true)
		return
	}
	if only := s.pkg.options.Only; only != nil && !only(r) {
		return
	}
	for n := range f.relaxed {
		r.Assumes = append(r.Assumes, n)
	}
	slices.Sort(r.Assumes)
	out.Assume = f.assume
	for _, st := range steps {
		f.inRegion[st.call.expr] = true
	}
	s.regions = append(s.regions, out)
}

// callsSomething reports whether evaluating e calls a function, or does what
// might be a call: then the order in which the table's elements are evaluated
// must be spelled out.
func (f *function) callsSomething(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			tv := f.pass.TypesInfo.Types[n.Fun]
			found = found || !(tv.IsBuiltin() && readsOnly[types.ExprString(ast.Unparen(n.Fun))]) &&
				!(tv.IsType() && len(n.Args) == 1 && quietConversion(tv.Type, f.pass.TypesInfo.TypeOf(n.Args[0])))
		case *ast.TypeAssertExpr:
			found = true
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		}
		return !found
	})
	return found
}

// readsOnly are the builtins that change nothing.
var readsOnly = map[string]bool{"len": true, "cap": true, "min": true, "max": true, "new": true}

// shadowed reports whether one of the universe's names means something else at pos.
func (f *function) shadowed(pos token.Pos, names ...string) bool {
	scope := f.pass.Pkg.Scope().Innermost(pos)
	for _, n := range names {
		if scope == nil {
			return true
		}
		if sc, _ := scope.LookupParent(n, pos); sc == nil || sc.Parent() != nil {
			return true
		}
	}
	return false
}

// jumpedOver reports whether a goto before the group aims behind it.
func (f *function) jumpedOver(g *group) bool {
	if !f.hasGoto {
		return false
	}
	labels := map[string]token.Pos{}
	ast.Inspect(f.decl, func(n ast.Node) bool {
		if l, ok := n.(*ast.LabeledStmt); ok {
			labels[l.Label.Name] = l.Pos()
		}
		return true
	})
	at := g.list[g.first].Pos()
	found := false
	ast.Inspect(f.decl, func(n ast.Node) bool {
		if b, ok := n.(*ast.BranchStmt); ok && b.Tok == token.GOTO && b.Pos() < at && labels[b.Label.Name] > at {
			found = true
		}
		return true
	})
	return found
}

// commentIn reports whether a comment lies between two positions.
func (s *fileState) commentIn(from, to token.Pos) bool {
	for _, g := range s.syntax.Comments {
		for _, c := range g.List {
			if c.Pos() >= from && c.Pos() < to {
				return true
			}
		}
	}
	return false
}

// funcName names a function for people: "F" or "(T).M".
func funcName(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return d.Name.Name
	}
	t := d.Recv.List[0].Type
	if s, ok := t.(*ast.StarExpr); ok {
		t = s.X
	}
	switch x := t.(type) {
	case *ast.IndexExpr:
		t = x.X
	case *ast.IndexListExpr:
		t = x.X
	}
	return fmt.Sprintf("(%s).%s", t, d.Name.Name)
}

// leftAlone says why no code of a function is touched, or "".
//
// A directive counts for the next declaration even where it is not part of
// its doc comment: all comments since the declaration before are read.
func leftAlone(file *ast.File, d *ast.FuncDecl, linknamed map[string]bool) string {
	if linknamed[d.Name.Name] {
		return "it is linknamed"
	}
	from := file.Name.End()
	for _, other := range file.Decls {
		if other.End() <= d.Pos() && other.End() > from {
			from = other.End()
		}
	}
	var list []*ast.Comment
	for _, g := range file.Comments {
		for _, c := range g.List {
			if c.Pos() >= from && c.Pos() < d.Name.Pos() {
				list = append(list, c)
			}
		}
	}
	for _, c := range list {
		for _, p := range []string{"//go:nosplit", "//go:norace", "//go:systemstack", "//go:nowritebarrier", "//go:linkname", "//go:uintptrescapes", "//go:uintptrkeepalive"} {
			if strings.HasPrefix(c.Text, p) {
				return "it is marked " + p
			}
		}
	}
	return ""
}
