// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"

	"github.com/autobatch/autobatch/plan"
)

func TestReadEvents(t *testing.T) {
	before, err := readEvents([]byte(`{"Action":"run","Package":"p","Test":"A"}
{"Action":"pass","Package":"p","Test":"A"}
{"Action":"run","Package":"p","Test":"B"}
not json: printed by a test that writes to the real standard output
{"Action":"pass","Package":"p","Test":"B"}
{"Action":"run","Package":"p","Test":"C"}
{"Action":"skip","Package":"p","Test":"C"}
{"Action":"run","Package":"p","Test":"D"}
{"Action":"pass","Package":"p","Test":"D"}
{"Action":"pass","Package":"p"}
`))
	if err != nil {
		t.Fatal(err)
	}
	if pass, other := before.count(); pass != 3 || other != 1 {
		t.Errorf("%d pass and %d do not, want 3 and 1", pass, other)
	}
	after, err := readEvents([]byte(`{"Action":"run","Package":"p","Test":"A"}
{"Action":"output","Package":"p","Test":"A","Output":"broken\n"}
{"Action":"fail","Package":"p","Test":"A"}
{"Action":"run","Package":"p","Test":"B"}
{"Action":"pass","Package":"p","Test":"B"}
{"Action":"run","Package":"p","Test":"D"}
{"Action":"fail","Package":"p"}
`))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := before.lost(after), []string{"p A", "p D"}; !slices.Equal(got, want) {
		t.Errorf("lost %q, want %q", got, want)
	}
	if got := after["p A"].output; got != "broken\n" {
		t.Errorf("output %q", got)
	}
	if got := after["p D"].verb(); got != "does not run to its end" {
		t.Errorf("a test that never ended %q", got)
	}
	if got := before.only([]string{"q"}); len(got) != 0 {
		t.Errorf("of package q: %v", got)
	}
}

func TestHasRun(t *testing.T) {
	const profile = `mode: set
example.org/m/sub/f.go:10.2,12.3 2 1
example.org/m/sub/f.go:12.3,20.3 2 0
example.org/m/other/xf.go:30.2,32.3 2 1
`
	for _, x := range []struct {
		name      string
		line, col int
		want      bool
	}{
		{"sub/f.go", 11, 1, true},
		{"sub/f.go", 10, 1, false},
		{"sub/f.go", 12, 3, false}, // the second block's
		{"sub/f.go", 15, 1, false},
		{"f.go", 31, 1, false}, // another file whose name ends like it
	} {
		if got := hasRun(profile, x.name, x.line, x.col); got != x.want {
			t.Errorf("%s:%d:%d: %v, want %v", x.name, x.line, x.col, got, x.want)
		}
	}
}

func TestNewComplaints(t *testing.T) {
	if got := withoutPosition("vet: a/b.go:12:34: bad 7:8"); got != "vet: a/b.go: bad 7:8" {
		t.Errorf("got %q", got)
	}
	before := map[string]int{"a.go: old": 2}
	after := map[string]int{"a.go: old": 3, "b.go: new": 1}
	want := []string{"a.go: old (1 times more)", "b.go: new (1 times more)"}
	if got := newComplaints(before, after); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := newComplaints(after, before); len(got) != 0 {
		t.Errorf("complaints that are gone are reported: %q", got)
	}
}

func TestSnapshot(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	snap := func() snapshot {
		t.Helper()
		s, err := take(dir)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	write("a.go", "1")
	write("sub/b_test.go", "1")
	write("data.txt", "1")
	before := snap()
	write("a.go", "2")
	write("sub/b_test.go", "2")
	write("go.sum", "new")
	write("data.txt", "2")
	after := snap()
	names := before.changed(after)
	if want := []string{"a.go", "go.sum", "sub/b_test.go"}; !slices.Equal(names, want) {
		t.Fatalf("changed %q, want %q", names, want)
	}
	if got, want := packagesOf(names), []string{"./.", "./sub"}; !slices.Equal(got, want) {
		t.Errorf("packages %q, want %q", got, want)
	}
	if err := before.put(dir, names); err != nil {
		t.Fatal(err)
	}
	if got := snap(); !reflect.DeepEqual(got, before) {
		t.Errorf("after going back: %q", got)
	}
	if err := after.put(dir, names); err != nil {
		t.Fatal(err)
	}
	if got := snap(); !reflect.DeepEqual(got, after) {
		t.Errorf("after coming back: %q", got)
	}
}

const original = `package p

import "golang.org/x/sys/unix"

func f() error {
	// about a
	if err := unix.Chdir("a"); err != nil {
		return err
	}
	return unix.Chdir("b")
}
`

const rewritten = `package p

import rt "github.com/autobatch/autobatch/batchrt"

func f() error {
	// about a
	var a rt.Arena
	ops := []rt.Op{a.Chdir("a"), a.Chdir("b")}
	rt.Run(ops)
	if err := ops[0].Err(); err != nil {
		return err
	}
	return ops[1].Err()
}
`

func TestShape(t *testing.T) {
	const gomod = "module m\n\ngo 1.23.0\n\nrequire golang.org/x/sys v0.33.0\n"
	const added = "\nrequire github.com/autobatch/autobatch/batchrt v0.0.0\n\nreplace github.com/autobatch/autobatch/batchrt => ../batchrt\n"
	look := func(goFile, mod string) *result {
		t.Helper()
		before := snapshot{"f.go": []byte(original), "go.mod": []byte(gomod)}
		after := snapshot{"f.go": []byte(goFile), "go.mod": []byte(mod), "go.sum": nil}
		r := &result{}
		r.shape(before, after, []string{"f.go", "go.mod"})
		return r
	}
	if r := look(rewritten, gomod+added); len(r.Problems) != 0 || r.Rewritten != 1 || r.Changed != 1 {
		t.Errorf("%d batches in %d files, problems %q", r.Rewritten, r.Changed, r.Problems)
	}
	for what, r := range map[string]*result{
		"no longer formatted":    look(strings.Replace(rewritten, "\treturn ops", "  return ops", 1), gomod),
		"comments were lost":     look(strings.Replace(rewritten, "\t// about a\n", "", 1), gomod),
		"does not parse":         look(rewritten+"}", gomod),
		"go.mod changed in more": look(rewritten, strings.Replace(gomod, "1.23.0", "1.24.0", 1)+added),
	} {
		if len(r.Problems) == 0 || !strings.Contains(r.Problems[len(r.Problems)-1]+r.Problems[0], what) {
			t.Errorf("%s: problems %q", what, r.Problems)
		}
	}
}

func TestReplacePart(t *testing.T) {
	page := []byte("intro\n" + begin("x") + "old\n" + end("x") + "tail\n")
	got, err := replacePart(page, "x", "new")
	if err != nil {
		t.Fatal(err)
	}
	if want := "intro\n" + begin("x") + "\nnew\n" + end("x") + "tail\n"; string(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}
	again, err := replacePart(got, "x", "new")
	if err != nil || !bytes.Equal(again, got) {
		t.Errorf("a second time: %v, %q", err, again)
	}
	if _, err := replacePart(page, "y", "new"); err == nil {
		t.Error("a part that is not there was replaced")
	}
}

func TestTables(t *testing.T) {
	m := func(path string) *module {
		return &module{entry: &entry{Path: "github.com/" + path, Version: "v1.0.0"}}
	}
	results := []*result{
		{module: m("b/b"), Counts: &counts{Packages: 1, Calls: 10, Groups: 3, TestFiles: 1, Verify: 1, Near: map[plan.Reason]int{plan.Data: 4}}, Rewritten: 2,
			Tests: testCounts{Packages: 1, Pass: 7, Same: 7, Ran: 1}},
		{module: m("a/a"), Raised: "v0.1.0", Counts: &counts{Packages: 2, Calls: 5, Near: map[plan.Reason]int{plan.Data: 1, plan.Effect: 9}}},
		{module: m("c/c"), Problems: []string{"could not be copied"}},
	}
	for _, x := range []struct{ table, want string }{
		{countTable(results), "| a/a    | v1.0.0  | v0.1.0    |        2 |     5 |      0 |"},
		{countTable(results), "| all    |         |           |        3 |    15 |      3 |"},
		{countTable(results), "| all    |          14 |      9 |    5 |"},
		{testTable(results), "| b/b    |             1 |                      7 |             0 |          7 |                    0 |           1 |   1 |"},
	} {
		if !strings.Contains(x.table, x.want) {
			t.Errorf("no line %q in\n%s", x.want, x.table)
		}
	}
}

// TestRepository holds what is written here against the rest of the tree.
func TestRepository(t *testing.T) {
	root, err := findRoot()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(root, "batchrt", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := modfile.ParseLax("go.mod", data, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Require) != 1 || f.Require[0].Mod.Path != sysPath || f.Require[0].Mod.Version != sysVersion {
		t.Errorf("batchrt requires %v, and modules are raised to %s %s", f.Require, sysPath, sysVersion)
	}
	paths, err := pinned(filepath.Join(root, "testdata", "corpus", "go.mod"))
	if err != nil || len(paths) < 8 {
		t.Errorf("pinned modules: %q, %v", paths, err)
	}
	page, err := os.ReadFile(filepath.Join(root, "docs", "corpus.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{countMark, siteMark, firstMark, testMark} {
		if _, err := replacePart(page, part, ""); err != nil {
			t.Errorf("docs/corpus.md %v", err)
		}
	}
}
