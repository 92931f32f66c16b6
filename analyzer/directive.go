// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/token"
	"strings"

	"github.com/autobatch/autobatch/plan"
	"github.com/autobatch/autobatch/rewrite"
)

// directive is a comment that speaks to this tool.
//
//	//batch:ignore reason   what follows is left as it is
//	//batch:require         calls in what follows are batched, or that is an error
//	//batch:assume name     a rule is relaxed in the whole function
//
// It stands above a function or a statement, or behind a statement on its line.
// ignore and require concern that function or statement with all that is inside.
type directive struct {
	verb, text string
	comment    *ast.Comment
	node       ast.Node // the function or statement; nil if there is none
	met        bool     // of require: a region lies inside
}

const prefix = "//batch:"

// directives finds those of the file, and remarks on what is wrong with them.
func (s *fileState) directives() {
	tok := s.pass.Fset.File(s.syntax.FileStart)
	for _, g := range s.syntax.Comments {
		for _, c := range g.List {
			text, ok := strings.CutPrefix(c.Text, prefix)
			if !ok {
				continue
			}
			verb, rest, _ := strings.Cut(text, " ")
			d := &directive{verb: verb, text: strings.TrimSpace(rest), comment: c}
			d.node = s.under(tok, c)
			switch verb {
			case "ignore":
				if d.text == "" {
					s.wrong(c, "//batch:ignore needs a reason: //batch:ignore why it is left as it is")
					continue
				}
			case "require":
			case "assume":
				if err := CheckAssumptions(strings.Fields(d.text)); err != nil || d.text == "" {
					s.wrong(c, "//batch:assume needs the name of a rule: "+nameError(err))
					continue
				}
			default:
				s.wrong(c, "there is no //batch:"+verb+": there are ignore, require and assume")
				continue
			}
			if d.node == nil {
				s.wrong(c, "//batch:"+verb+" stands above no function and no statement")
				continue
			}
			s.asked = append(s.asked, d)
		}
	}
}

func nameError(err error) string {
	if err == nil {
		return "//batch:assume unshared, for example"
	}
	return err.Error()
}

// wrong remarks on a directive, which is an error.
func (s *fileState) wrong(c *ast.Comment, text string) {
	s.remarks = append(s.remarks, plan.Remark{Pos: s.pass.Fset.Position(c.Pos()), Reason: plan.Directive, Text: text, Near: true, Error: true})
}

// under is what a directive concerns: the largest statement or function that
// begins on the next line that is no comment, or that ends on its own line.
func (s *fileState) under(tok *token.File, c *ast.Comment) ast.Node {
	line := tok.Line(c.Pos())
	below := line + 1
	for _, g := range s.syntax.Comments {
		if g.Pos() <= c.Pos() && c.Pos() < g.End() {
			below = tok.Line(g.End()) + 1
		}
	}
	var found ast.Node
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		if n == nil || found != nil {
			return false
		}
		switch n.(type) {
		case *ast.FuncDecl, ast.Stmt:
			if _, block := n.(*ast.BlockStmt); block {
				return true
			}
			if at := tok.Line(n.Pos()); at == below || at == line && n.Pos() < c.Pos() && n.End() <= c.Pos() {
				found = n
				return false
			}
			if d, ok := n.(*ast.FuncDecl); ok && d.Doc != nil && d.Doc.Pos() <= c.Pos() && c.Pos() < d.Doc.End() {
				found = n
				return false
			}
			if at := tok.Line(n.Pos()); at == line && n.Pos() < c.Pos() {
				found = n // behind the head of a statement
				return false
			}
		}
		return true
	})
	return found
}

// ignored is the directive that leaves a place alone, or nil.
func (s *fileState) ignored(pos token.Pos) *directive {
	for _, d := range s.asked {
		if d.verb == "ignore" && d.node.Pos() <= pos && pos < d.node.End() {
			return d
		}
	}
	return nil
}

// assumes lists the rules that are relaxed in a function.
func (s *fileState) assumes(fn *ast.FuncDecl) map[string]bool {
	names := map[string]bool{}
	for _, n := range s.pkg.options.Assume {
		names[n] = true
	}
	for _, d := range s.asked {
		from := fn.Pos()
		if fn.Doc != nil {
			from = fn.Doc.Pos()
		}
		if d.verb == "assume" && (d.node == ast.Node(fn) || from <= d.comment.Pos() && d.comment.Pos() < fn.End()) {
			for _, n := range strings.Fields(d.text) {
				names[n] = true
			}
		}
	}
	return names
}

// runsBatch reports whether a batch is run somewhere in n: it was rewritten
// before.
func (s *fileState) runsBatch(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			if fn := callee(s.pass.TypesInfo, c); fn != nil && fn.Pkg() != nil {
				found = found || fn.Pkg().Path() == rewrite.RuntimePath && fn.Name() == "Run"
			}
		}
		return !found
	})
	return found
}

// unmet remarks on what was required and is not batched.
func (s *fileState) unmet(regions []*plan.Region) {
	tok := s.pass.Fset.File(s.syntax.FileStart)
	for _, d := range s.asked {
		if d.verb != "require" {
			continue
		}
		from, to := tok.Offset(d.node.Pos()), tok.Offset(d.node.End())
		for _, r := range regions {
			for _, e := range r.Entries {
				d.met = d.met || from <= e.Call.Offset && e.Call.Offset < to
			}
		}
		if !d.met && !s.runsBatch(d.node) {
			s.remarks = append(s.remarks, plan.Remark{
				Pos: s.pass.Fset.Position(d.comment.Pos()), Reason: plan.Directive, Near: true, Error: true,
				Text: "no calls are batched here, as //batch:require asks (-explain says why)",
			})
		}
	}
}
