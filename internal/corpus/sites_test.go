// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/autobatch/autobatch/plan"
)

const siteSource = `package p

func f(fd int, p string) error {
	if err := unix.Fchmod(fd, 0); err != nil {
		return err
	}
	n := g()
	if err := unix.Fchown(fd, n, n); err != nil {
		return err
	}
	if err := unix.Fsync(fd); err != nil {
		return err
	}
	for i := range n {
		unix.Close(
			i)
	}
	return nil
}
`

func TestParseSites(t *testing.T) {
	list, err := parseSites(`# a comment
module example.org/m v1.2.3
packages ./a ./b/...
tests none
ports none
cgo off

a/f.go f | Fchmod:4 Fchown:8 | chain+pure | why
a/f.go f | Fchown:8 Fsync:11 | refused data/effect | a | b
module example.org/n v1.0.0
`)
	if err != nil {
		t.Fatal(err)
	}
	m := find(list, "example.org/m")
	if m == nil || len(list) != 2 || m.Version != "v1.2.3" || !m.NoTests || !m.NoPorts || !m.NoCgo || !slices.Equal(m.Packages, []string{"./a", "./b/..."}) {
		t.Fatalf("%+v", list)
	}
	s, r := m.Sites[0], m.Sites[1]
	if s.refused() || s.verdict() != "chain+pure" || s.File != "a/f.go" || s.Func != "f" || s.Calls[1] != (siteCall{"Fchown", 8}) || s.line != 8 {
		t.Errorf("%+v", s)
	}
	if !r.refused() || r.verdict() != "refused data/effect" || r.Why != "a | b" {
		t.Errorf("%+v", r)
	}
	if n := find(list, "example.org/n"); !slices.Equal(n.Packages, []string{"./..."}) || len(n.Sites) != 0 {
		t.Errorf("%+v", n)
	}
	for _, bad := range []string{
		"f.go f | A:1 B:2 | chain | x",              // no module
		"module m v1\nmodule m v1",                  // twice
		"module m v1\nf.go f | A:1 B:2 | chain",     // no reason why
		"module m v1\nf.go f | A:1 | chain | x",     // one call, no loop
		"module m v1\nf.go f | A:2 B:1 | chain | x", // order
		"module m v1\nf.go f | A:1 B | chain | x",   // no line
		"module m v1\nf.go f | A:1 B:2 | magic | x", // no transform
		"module m v1\nf.go f | A:1 B:2 | chain+chain | x",
		"module m v1\nf.go f | A:1 B:2 | refused bored | x",
		"module m v1\nf.go f | A:1 B:2 | refused verify | x", // never right
		"module m v1\n../f.go f | A:1 B:2 | chain | x",
		"module m v1\npackage ./a",
	} {
		if _, err := parseSites(bad); err == nil {
			t.Errorf("accepted:\n%s", bad)
		}
	}
}

func TestCompareSites(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "f.go"), []byte(siteSource), 0o644); err != nil {
		t.Fatal(err)
	}
	ask := func(line string, found ...finding) *answer {
		t.Helper()
		s, err := parseSite(line)
		if err != nil {
			t.Fatal(err)
		}
		return compare(dir, []*site{s}, found)[0]
	}
	group := func(loop bool, calls ...siteCall) finding {
		return finding{File: "f.go", Line: calls[0].Line, Calls: calls, Loop: loop}
	}
	remark := func(line int, r plan.Reason) finding { return finding{File: "f.go", Line: line, Reason: r} }
	a, b, c := siteCall{"Fchmod", 4}, siteCall{"Fchown", 8}, siteCall{"Fsync", 11}
	closing := siteCall{"Close", 15}
	for _, x := range []struct {
		line  string
		found []finding
		want  state
	}{
		{"f.go f | Fchmod:4 Fchown:8 Fsync:11 | pure | x", []finding{group(false, a, b, c)}, rewrittenWhole},
		{"f.go f | Fchmod:4 Fchown:8 Fsync:11 | pure | x", []finding{group(false, b, c)}, rewrittenPart},
		{"f.go f | Fchmod:4 Fchown:8 | pure | x", []finding{group(false, b, c)}, missing}, // only one of them
		{"f.go f | Fchmod:4 Fchown:8 | pure | x", []finding{{File: "g.go", Line: 4, Calls: []siteCall{a, b}}}, missing},
		{"f.go f | Fchown:8 Fsync:11 | straight | x", []finding{group(false, a, b, c)}, rewrittenWhole},
		{"f.go f | Fchmod:4 Fchown:8 | refused effect | x", []finding{remark(7, plan.Effect)}, agrees},
		{"f.go f | Fchmod:4 Fchown:8 | refused data/effect | x", []finding{remark(7, plan.Effect)}, agrees},
		{"f.go f | Fchmod:4 Fchown:8 | refused effect | x", []finding{remark(7, plan.Between)}, otherReason},
		{"f.go f | Fchmod:4 Fchown:8 | refused effect | x", []finding{remark(9, plan.Effect)}, silent}, // further down
		{"f.go f | Fchmod:4 Fchown:8 | refused build | x", []finding{remark(1, plan.Build)}, agrees},   // the whole file
		{"f.go f | Fchmod:4 Fchown:8 | refused effect | x", []finding{group(false, a, b), remark(7, plan.Effect)}, unexpected},
		{"f.go f | Close:15 | loop | x", []finding{group(true, closing)}, rewrittenWhole},
		{"f.go f | Close:15 | loop | x", []finding{group(false, closing)}, missing},
		{"f.go f | Close:15 | refused consume | x", []finding{remark(14, plan.Consume)}, agrees}, // at the loop
		{"f.go f | Close:15 | refused consume | x", []finding{remark(11, plan.Consume)}, silent},
		{"f.go f | Close:14 | loop | x", nil, broken}, // there is no such call
		{"f.go g | Close:15 | loop | x", nil, broken}, // nor such a function
		{"g.go f | Close:15 | loop | x", nil, broken}, // nor file
		{"f.go f | Fchmod:4 Fchown:8 | pure | x", []finding{remark(7, plan.Effect)}, missing},
	} {
		if got := ask(x.line, x.found...).state(); got != x.want {
			t.Errorf("%s: %s, want %s", x.line, stateNames[got], stateNames[x.want])
		}
	}
	s, err := parseSite("f.go f | Fchmod:4 Fchown:8 | pure | x")
	if err != nil {
		t.Fatal(err)
	}
	test := group(false, b, c)
	test.File = "f_test.go"
	if got := unlisted([]*site{s}, []finding{group(false, a, b, c), group(false, b, c), group(true, closing), remark(4, plan.Data), test}); len(got) != 2 || got[0].Line != 8 || got[1].Line != 15 {
		t.Errorf("not listed: %+v", got)
	}
	for _, st := range []state{rewrittenPart, missing, otherReason, silent, unexpected, broken} {
		if st.settled() {
			t.Errorf("%s settles a site", stateNames[st])
		}
	}
}

func TestParseReport(t *testing.T) {
	list := parseReport(`a/b.go:12:3: 2 calls can share one crossing: Stat, Lstat
a/b.go:20:3: Stat is not batched with the Stat before it: m[i] needs it [data]
batchfix: something else
`)
	if len(list) != 2 {
		t.Fatalf("%+v", list)
	}
	g, r := list[0], list[1]
	if g.File != "a/b.go" || g.Line != 12 || g.Reason != "" || !slices.Equal(g.Calls, []siteCall{{"Stat", 12}, {"Lstat", 0}}) {
		t.Errorf("%+v", g)
	}
	if r.Line != 20 || r.Reason != plan.Data || !strings.HasSuffix(r.Text, "m[i] needs it") {
		t.Errorf("%+v", r)
	}
}

func TestResolve(t *testing.T) {
	f, err := parse([]byte(`package p

func f() {
	if err := unix.Stat(a, st); err != nil {
		unix.Close(fd)
		unix.Close(fd)
		return
	}
	defer unix.Close(fd)
	if n, err := unix.Read(fd, b); err != nil {
		return
	}
	unix.Close(fd)
	unix.Close(fd)
}
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		line  int
		names []string
		want  []int
	}{
		{4, []string{"Stat", "Read", "Close"}, []int{4, 10, 13}},
		{5, []string{"Close", "Close"}, []int{5, 6}},
		{10, []string{"Read", "Close", "Close"}, []int{10, 13, 14}},
		{10, []string{"Read", "Fsync"}, []int{10}}, // not to be found: not claimed
	} {
		g := finding{Line: x.line}
		for _, n := range x.names {
			g.Calls = append(g.Calls, siteCall{Name: n})
		}
		g.resolve(f)
		var got []int
		for _, c := range g.Calls {
			got = append(got, c.Line)
		}
		if !slices.Equal(got, x.want) {
			t.Errorf("%v at %d: lines %v, want %v", x.names, x.line, got, x.want)
		}
	}
}

func TestSiteTables(t *testing.T) {
	ans := func(batched int, needs ...string) *answer {
		return &answer{site: &site{Calls: make([]siteCall, 2), Needs: needs}, Batched: batched}
	}
	no := func(said plan.Reason, reasons ...plan.Reason) *answer {
		a := &answer{site: &site{Calls: make([]siteCall, 2), Reasons: reasons}}
		if said != "" {
			a.Said = []finding{{Reason: said}}
		}
		return a
	}
	results := []*result{
		{Sites: []*answer{ans(2, "straight"), ans(0, "chain", "pure"), ans(0, "pure"), no(plan.Data, plan.Effect, plan.Data)},
			First: []*answer{ans(2, "straight"), ans(0, "chain", "pure"), ans(0, "pure")}},
		{Sites: []*answer{ans(2, "chain", "straight"), no(plan.Between, plan.Effect), no("", plan.Data)}},
	}
	got := siteTables(results)
	for _, want := range []string{
		"| chain     |     2 |                           1 |         1 |       0 |       1 |",
		"| pure      |     2 |                           1 |         0 |       0 |       2 |",
		"| any       |     4 |                           1 |         2 |       0 |       2 |",
		"| effect          |     2 |          1 |                  1 |            0 |         0 |",
		"| all             |     3 |          1 |                  1 |            1 |         0 |",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no line %q in\n%s", want, got)
		}
	}
	if n := unsettled(results); n != 4 {
		t.Errorf("%d unsettled sites, want 4", n)
	}
	if got, want := firstLine("abc", results), "The tool of abc rewrites 1 of these sites, 1 of them whole; this one 2 and 2: 2.00 and 2.00 times as many.\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestSiteList holds the list against the pinned modules, and its size
// against what the project promises.
func TestSiteList(t *testing.T) {
	root, err := findRoot()
	if err != nil {
		t.Fatal(err)
	}
	list, err := readSites(root)
	if err != nil {
		t.Fatal(err)
	}
	paths, err := pinned(filepath.Join(root, "testdata", "corpus", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	batch, refuse := 0, 0
	for _, e := range list {
		if !slices.Contains(paths, e.Path) {
			t.Errorf("%s is listed and not pinned", e.Path)
		}
		for _, s := range e.Sites {
			if s.refused() {
				refuse++
			} else {
				batch++
			}
		}
	}
	for _, p := range paths {
		if find(list, p) == nil {
			t.Errorf("%s is pinned and not listed", p)
		}
	}
	if batch < 60 || refuse < 40 {
		t.Errorf("%d sites and %d refusals are listed", batch, refuse)
	}
}
