// SPDX-License-Identifier: BSD-3-Clause

package plan_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/autobatch/autobatch/plan"
)

// TestReasons holds the set of reason codes closed: each has a hint and a section
// of docs/remarks.md. (package analyzer asks for each in its test data.)
func TestReasons(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "plan.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../docs/remarks.md")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, s := range g.Specs {
			v := s.(*ast.ValueSpec)
			if id, ok := v.Type.(*ast.Ident); !ok || id.Name != "Reason" {
				continue
			}
			text, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			n++
			if plan.Hints[plan.Reason(text)] == "" {
				t.Errorf("the reason %q has no hint", text)
			}
			if !strings.Contains(string(page), "\n## "+text+"\n") {
				t.Errorf("the reason %q has no section in docs/remarks.md", text)
			}
		}
	}
	if n != len(plan.Hints) {
		t.Errorf("there are %d reasons and %d hints", n, len(plan.Hints))
	}
	if sections := strings.Count(string(page), "\n## ") - 1; sections != n { // one is about assumptions
		t.Errorf("there are %d reasons and %d sections", n, sections)
	}
}
