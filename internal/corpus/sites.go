// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/autobatch/autobatch/plan"
)

// finding is a group that a tool rewrites, or a remark that it makes.
type finding struct {
	File   string // below the module's root
	Line   int    // of the first call; of the remark
	Calls  []siteCall
	Loop   bool        // the group's iterations share a crossing
	Reason plan.Reason // of a remark; "" for a group
	Text   string
}

// answer is what the tool did at a site, or said about it.
type answer struct {
	*site
	Batched int       // how many of the site's calls share one crossing
	Said    []finding // remarks on the place
	Bad     string    // why the list and the sources do not fit
}

// state is what the answer comes to.
type state int

const (
	rewrittenWhole state = iota // all of the site's calls are in one batch
	rewrittenPart               // some of them
	missing                     // a transform is missing: neither rewritten nor should it be refused
	agrees                      // refused for a listed reason
	otherReason                 // refused for another reason
	silent                      // nothing was said of a site that must be refused
	unexpected                  // rewritten although the list says that it must not be
	broken                      // the list does not fit the sources
)

var stateNames = map[state]string{
	rewrittenWhole: "rewritten", rewrittenPart: "rewritten in part", missing: "missing",
	agrees: "refused", otherReason: "refused for another reason", silent: "nothing said",
	unexpected: "REWRITTEN, but listed as refused", broken: "THE LIST DOES NOT FIT",
}

func (a *answer) state() state {
	switch {
	case a.Bad != "":
		return broken
	case a.refused() && a.Batched > 0:
		return unexpected
	case a.refused() && slices.ContainsFunc(a.Said, func(f finding) bool { return slices.Contains(a.Reasons, f.Reason) }):
		return agrees
	case a.refused() && len(a.Said) > 0:
		return otherReason
	case a.refused():
		return silent
	case a.Batched == len(a.Calls):
		return rewrittenWhole
	case a.Batched > 0:
		return rewrittenPart
	}
	return missing
}

// settled reports whether tool and list are of one mind.
func (s state) settled() bool { return s == rewrittenWhole || s == agrees }

// compare looks every site of a module up in what the tool found there.
func compare(dir string, sites []*site, found []finding) []*answer {
	files := map[string]source{}
	var list []*answer
	for _, s := range sites {
		a := &answer{site: s}
		list = append(list, a)
		f, ok := files[s.File]
		if !ok {
			var err error
			if f, err = parseFile(dir, s.File); err != nil {
				a.Bad = err.Error()
				continue
			}
			files[s.File] = f
		}
		from, to, err := s.locate(f)
		if err != nil {
			a.Bad = err.Error()
			continue
		}
		for _, x := range found {
			switch {
			case x.File != s.File:
			case x.Reason == "":
				a.Batched = max(a.Batched, s.covered(x))
			case from <= x.Line && x.Line <= to || x.Reason == plan.Build && x.Line <= f.line(f.Name):
				a.Said = append(a.Said, x)
			}
		}
	}
	return list
}

// unlisted are the groups outside of tests of which no site of the list has
// two calls, or the only one: nobody has read them yet.
func unlisted(sites []*site, found []finding) []finding {
	return slices.DeleteFunc(slices.Clone(found), func(x finding) bool {
		return x.Reason != "" || isTest(x.File) || slices.ContainsFunc(sites, func(s *site) bool {
			n := 0
			for _, c := range s.Calls {
				if s.File == x.File && slices.Contains(x.Calls, c) {
					n++
				}
			}
			return n >= min(2, len(x.Calls))
		})
	})
}

func parseFile(dir, name string) (source, error) {
	src, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		return source{}, err
	}
	return parse(src)
}

// covered counts the site's calls that are in one group. A group of a single
// call is none unless its iterations share the crossing, and a site that
// needs that is not whole without.
func (s *site) covered(x finding) int {
	n := 0
	rest := x.Calls
	for _, c := range s.Calls {
		if i := slices.Index(rest, c); i >= 0 {
			n, rest = n+1, rest[i+1:]
		}
	}
	if slices.Contains(s.Needs, "loop") && !x.Loop {
		n = min(n, len(s.Calls)-1)
	}
	if n < 2 && !x.Loop {
		return 0
	}
	return n
}

// locate finds the site's calls in its file. It returns the lines between
// which a remark belongs to it: from its first call to its last, or the whole
// of the outermost loop around a single call.
func (s *site) locate(f source) (from, to int, err error) {
	var fn *ast.FuncDecl
	for _, d := range f.Decls {
		if d, ok := d.(*ast.FuncDecl); ok && d.Name.Name == s.Func && f.line(d) <= s.Calls[0].Line && s.Calls[0].Line <= f.endLine(d) {
			fn = d
		}
	}
	if fn == nil {
		return 0, 0, fmt.Errorf("line %d is in no function %s", s.Calls[0].Line, s.Func)
	}
	for _, c := range s.Calls {
		var call *ast.CallExpr
		var loop ast.Node
		ast.Inspect(fn, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ForStmt, *ast.RangeStmt:
				if loop == nil && f.line(n) <= c.Line && c.Line <= f.endLine(n) {
					loop = n
				}
			case *ast.CallExpr:
				if f.line(n) == c.Line && calleeName(n) == c.Name {
					call = n
				}
			}
			return true
		})
		if call == nil {
			return 0, 0, fmt.Errorf("no call of %s in line %d", c.Name, c.Line)
		}
		if from == 0 {
			from = c.Line
		}
		to = max(to, f.endLine(call))
		if len(s.Calls) == 1 && loop != nil {
			from, to = f.line(loop), f.endLine(loop)
		}
	}
	return from, to, nil
}

func (f source) line(n ast.Node) int    { return f.fset.Position(n.Pos()).Line }
func (f source) endLine(n ast.Node) int { return f.fset.Position(n.End()).Line }

func calleeName(call *ast.CallExpr) string {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		return fun.Sel.Name
	}
	return ""
}

// print lists a module's sites with what became of them.
func (r *result) printSites(c *corpus) {
	for _, a := range r.Sites {
		st := a.state()
		line := fmt.Sprintf("%s %s:%d %s %s: %s", stateNames[st], filepath.Base(r.copy), a.Calls[0].Line, a.File, a.Func, a.verdict())
		switch {
		case st == broken:
			line += ": " + a.Bad
		case st == rewrittenPart:
			line += fmt.Sprintf(": %d of %d calls", a.Batched, len(a.Calls))
		}
		fmt.Fprintln(c.out, line)
		if st.settled() {
			continue
		}
		for _, f := range a.Said {
			fmt.Fprintf(c.out, "\t%d: %s [%s]\n", f.Line, strings.TrimSpace(f.Text), f.Reason)
		}
	}
	for _, x := range r.Unlisted {
		fmt.Fprintf(c.out, "not listed %s:%d %s: %v\n", filepath.Base(r.copy), x.Line, x.File, x.Calls)
	}
}
