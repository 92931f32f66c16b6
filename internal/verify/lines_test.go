// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// small are the pieces of a line that are exchanged for others.
var small = regexp.MustCompile(`\[\d\]|\(\d\)|\b0o?\d+\b|\b[a-z]\b|\b[ps][12]\b|\bfd\b|\bGoOn\b|==|!=|&&|\|\||\blanes?\b|\blen\b|\bcap\b|\bmin\b|\b\d+\b|\+\+|>=?|<|\bcontinue\b|\bbreak\b|\bfull\b|\bname\b`)

var others = map[string][]string{
	"[": {"[0]", "[1]", "[2]"},
	"(": {"(0)", "(1)"},
	"G": {"StopOnSuccess", "StopOnZero", "StopOnPositive"},
	"=": {"!="}, "!": {"=="}, "&": {"||"},
	"0": {"1", "0o7"}, "1": {"0", "2", "17"}, "2": {"0", "1", "3"}, "3": {"1", "2", "4"},
	"l": {"lane", "lanes", "0", "1", "len", "cap"}, "m": {"max"}, "+": {"--"}, ">": {"<", ">", "=="}, "<": {"<=", ">"}, "|": {"&&"},
	"n": {"name", "full", "dir"},
	"a": {"b", "c", "p", "q"}, "b": {"a", "c"}, "c": {"a", "b"}, "p": {"q", "p2"}, "q": {"p", "p1"}, "s": {"s1", "s2"}, "f": {"a", "b", "0", "name", "dir"},
}

// TestLines makes every small fault in every line of goldens: the line lost,
// written twice, exchanged with the next one, a word exchanged. What still
// compiles must be refused, unless it changes nothing.
func TestLines(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of type-checks")
	}
	w, err := theWorld()
	if err != nil {
		t.Fatal(err)
	}
	tried, compiled, accepted := 0, 0, 0
	for _, name := range []string{"straight/straight", "resume/resume_linux", "outcome/outcome", "chain/chain_linux", "pure/pure_linux", "loop/loop_linux", "predicate/predicate_linux"} {
		path := filepath.Join("..", "..", "analyzer", "testdata", filepath.FromSlash(name))
		orig, err := os.ReadFile(path + ".go")
		if err != nil {
			t.Fatal(err)
		}
		golden, err := os.ReadFile(path + ".golden")
		if err != nil {
			t.Fatal(err)
		}
		of, op, oi, err := w.check("orig.go", string(orig))
		if err != nil {
			t.Fatal(err)
		}
		gf, gp, gi, err := w.check("golden.go", string(golden))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.SplitAfter(string(golden), "\n")
		for i, d := range of.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			right := gf.Decls[i].(*ast.FuncDecl)
			was := printed(newSide(Side{Fset: w.fset, Info: gi, Pkg: gp, Decl: right, Src: golden}, true))
			from, to := w.fset.Position(right.Body.Lbrace).Line, w.fset.Position(right.Body.Rbrace).Line-1
			for at := from; at < to; at++ {
				for _, wrong := range faults(lines, at) {
					tried++
					src := strings.Join(wrong, "")
					ef, ep, ei, err := w.check("edited.go", src)
					if err != nil || len(ef.Decls) != len(gf.Decls) {
						continue
					}
					compiled++
					e := Side{Fset: w.fset, Info: ei, Pkg: ep, Decl: ef.Decls[i].(*ast.FuncDecl), Src: []byte(src)}
					if Func(Side{Fset: w.fset, Info: oi, Pkg: op, Decl: fn, Src: orig, Files: []*ast.File{of}, Pure: vouched}, e) != nil {
						continue
					}
					accepted++
					if now := printed(newSide(e, true)); now != was && !resumed(lines, at) && !strings.Contains(lines[at], "KeepAlive") && !harmless(lines, wrong, at) {
						t.Errorf("%s: accepted:\n%s", name, strings.Join(wrong[at:min(at+3, len(wrong))], ""))
					}
				}
			}
		}
	}
	t.Logf("%d faults, %d compile, %d of them change nothing", tried, compiled, accepted)
	if compiled < 500 {
		t.Errorf("only %d faults compile", compiled)
	}
}

// printed is a function without its comments and positions.
func printed(s *side) string {
	p := printer{s: s}
	p.node(s.Decl.Body)
	return p.String()
}

// resumed reports whether the line is a table's entry with GoOn, and all later
// ones make their calls themselves where the batch ended early: then it may end
// behind this entry.
func resumed(lines []string, at int) bool {
	if !strings.Contains(lines[at], ".GoOn()") || strings.Contains(lines[at], "[") { // not of a loop
		return false
	}
	first := at
	for !strings.Contains(lines[first], "Op{") {
		first--
	}
	last := at
	for strings.TrimSpace(lines[last]) != "}" {
		last++
	}
	end := last
	for strings.TrimRight(lines[end], "\n") != "}" {
		end++
	}
	body := strings.Join(lines[last:end], "\n")
	for i := at - first; i < last-first-1; i++ {
		uses := regexp.MustCompile(fmt.Sprintf(`ops\d*\[%d\]\.\w+`, i)).FindAllString(body, -1)
		if len(uses) != 1 || !strings.HasSuffix(uses[0], "Or") {
			return false
		}
	}
	return true
}

// harmless reports whether a fault of these lines makes no difference: what
// stands in the place of a reference; more room than lanes; fewer lanes; the
// order of declarations, and of clearing a lane and giving its address away.
func harmless(lines, wrong []string, at int) bool {
	was, is := lines[at], wrong[at]
	same := func(patterns ...string) bool {
		for _, p := range patterns {
			re := regexp.MustCompile(p)
			if re.ReplaceAllString(was, "_") == re.ReplaceAllString(is, "_") {
				return true
			}
		}
		return false
	}
	switch {
	case strings.Contains(was, ".FD(") && same(`-\d+`), strings.Contains(was, ".Ref(") && same(`-\d+`, `CloseRange\([^)]*\)`):
		return true
	case strings.Contains(lines[at-1], ".Load(") && same(`-\d+`, `, 0o?\d*\)|, \d+\)`):
		return true
	case strings.Contains(was, ".Load(") && strings.Contains(is, ".Load(") && wrong[at+1] == was:
		return true
	case strings.Contains(was, "var ") && (same(`\[\d+\]`) || strings.Contains(is, "var ")):
		return true
	case strings.Contains(is, "Jump(17"): // past the end
		return true
	case same(`min\(\w+\+\d+`, `min\(\d+`, `lanes\d? < \d+`):
		return true
	case strings.Contains(was, "[lanes] = ") && strings.Contains(was+is, "{}") && wrong[at+1] == was: // changed places
		return true
	case regexp.MustCompile(`lanes\d?(\+\d)?\] = `).MatchString(was) && strings.Contains(was, "GoOn()") && same(`\.(GoOn|StopOn\w+)\(\)`):
		return true // where a strip ends early the next one begins
	case strings.Contains(was, "full := ") && strings.Contains(is, "{}"):
		return true
	}
	return false
}

// faults makes every small fault in one line.
func faults(lines []string, at int) [][]string {
	line := lines[at]
	if strings.TrimSpace(line) == "" {
		return nil
	}
	with := func(new ...string) []string { return slices.Concat(lines[:at], new, lines[at+1:]) }
	list := [][]string{with(), with(line, line)}
	if at+1 < len(lines) {
		list = append(list, slices.Concat(lines[:at], []string{lines[at+1], line}, lines[at+2:]))
	}
	for _, m := range small.FindAllStringIndex(line, -1) {
		for _, new := range others[line[m[0]:m[0]+1]] {
			if new != line[m[0]:m[1]] {
				list = append(list, with(line[:m[0]]+new+line[m[1]:]))
			}
		}
	}
	return list
}
