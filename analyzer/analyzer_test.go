// SPDX-License-Identifier: BSD-3-Clause

package analyzer_test

import (
	"bytes"
	"flag"
	"go/ast"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/autobatch/autobatch/analyzer"
	"github.com/autobatch/autobatch/plan"
	"github.com/autobatch/autobatch/rewrite"
)

var update = flag.Bool("update", false, "write the golden files")

// TestReasons holds the remarks against comments in the refusals' source: a
// comment that is nothing but a reason code asks for a remark with that
// reason in the function that it stands in.
func TestReasons(t *testing.T) {
	found := 0
	for _, r := range analysistest.Run(t, analysistest.TestData(), analyzer.Analyzer, "./refuse") {
		res := r.Result.(*analyzer.Result)
		remarks := map[string]map[string]string{} // function, reason, text
		pkg := r.Action.Package
		function := func(line int) string {
			for _, d := range pkg.Syntax[0].Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && pkg.Fset.Position(fn.Pos()).Line <= line && line <= pkg.Fset.Position(fn.End()).Line {
					return fn.Name.Name
				}
			}
			return ""
		}
		for _, f := range res.Files {
			if len(f.Regions) > 0 {
				t.Errorf("%s: a region where there must be none: %v", f.Name, f.Regions[0])
			}
			for _, m := range f.Remarks {
				fn := function(m.Pos.Line)
				if remarks[fn] == nil {
					remarks[fn] = map[string]string{}
				}
				remarks[fn][string(m.Reason)] = m.Text
			}
		}
		for _, g := range pkg.Syntax[0].Comments {
			for _, c := range g.List {
				pos := pkg.Fset.Position(c.Pos())
				want := strings.TrimSpace(strings.TrimPrefix(c.Text, "//"))
				fn := function(pos.Line)
				if fn == "" || strings.ContainsAny(want, " :") {
					continue
				}
				found++
				if remarks[fn][want] == "" {
					t.Errorf("%s: %s: no remark with reason %q, but %v", pos, fn, want, remarks[fn])
				}
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d reasons asked for", found)
	}
}

// TestGoldens runs the analyzer over testdata, holds its diagnostics against
// the want comments, and the rewritten files against the goldens: FILE.golden
// beside FILE.go, none where nothing is rewritten.
func TestGoldens(t *testing.T) {
	dir := analysistest.TestData()
	for _, r := range analysistest.Run(t, dir, analyzer.Analyzer, "./...") {
		res, ok := r.Result.(*analyzer.Result)
		if !ok {
			t.Fatalf("%s: no result: %v", r.Action.Package.PkgPath, r.Err)
		}
		for _, f := range res.Files {
			t.Run(strings.TrimPrefix(f.Name, dir+"/"), func(t *testing.T) { golden(t, f) })
		}
	}
}

func golden(t *testing.T, f *analyzer.File) {
	src, err := os.ReadFile(f.Name)
	if err != nil {
		t.Fatal(err)
	}
	if testing.Verbose() {
		for _, r := range f.Remarks {
			t.Log(r)
		}
	}
	for _, r := range f.Remarks {
		if r.Reason == plan.Verify {
			t.Errorf("the planner is wrong, or the validator too strict: %v", r)
		}
	}
	path := strings.TrimSuffix(f.Name, ".go") + ".golden"
	want, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var got []byte
	if f.Edits != nil {
		if got, err = rewrite.Apply(src, f.Edits); err != nil {
			t.Fatal(err)
		}
	}
	if *update {
		if got == nil {
			os.Remove(path)
		} else if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the rewritten file differs from %s (run go test ./analyzer -update and read the difference):\n%s",
			filepath.Base(path), diff.Diff("want", want, "got", got))
	}
}
