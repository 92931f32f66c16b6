// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
)

// Markers of the generated parts of docs/corpus.md. The counts, of groups and
// of sites, are the same on every machine; what the tests did depends on who
// runs them. The comparison with another commit's tool is written when it was
// made.
const (
	countMark = "counts"
	siteMark  = "sites"
	firstMark = "baseline"
	testMark  = "tests"
)

func begin(part string) string {
	return "<!-- " + part + ": begin (go run ./internal/corpus -update) -->\n"
}
func end(part string) string { return "<!-- " + part + ": end -->\n" }

// byPath is the order of the tables.
func byPath(results []*result) []*result {
	l := slices.Clone(results)
	slices.SortFunc(l, func(a, b *result) int { return strings.Compare(a.Path, b.Path) })
	return l
}

// countTable is what the analyzer found: two tables, of groups and of what
// stood in the way of more.
func countTable(results []*result) string {
	reasons := sortedReasons(results)
	groups := &table{text: 3}
	groups.row("module", "version", "x/sys was", "packages", "calls", "groups", "calls in them", "of these groups in tests", "files", "rewritten", "verify")
	near := &table{text: 1}
	near.row(append([]string{"module", "near misses"}, strs(reasons)...)...)
	for _, r := range byPath(results) {
		n := r.Counts
		if n == nil {
			continue
		}
		raised := r.Raised
		if raised == "" {
			raised = "-"
		}
		name := strings.TrimPrefix(r.Path, "github.com/")
		groups.numbers([]string{name, r.Version, raised}, n.Packages, n.Calls, n.Groups, n.Entries, n.TestFiles, n.Files, r.Rewritten, n.Verify)
		sum, byReason := 0, make([]int, len(reasons))
		for i, reason := range reasons {
			byReason[i] = n.Near[reason]
			sum += n.Near[reason]
		}
		near.numbers([]string{name}, append([]int{sum}, byReason...)...)
	}
	return groups.markdown() + "\n" + near.markdown()
}

func strs[S ~string](list []S) []string {
	var out []string
	for _, s := range list {
		out = append(out, string(s))
	}
	return out
}

// testTable is the table of what the modules' tests said.
func testTable(results []*result) string {
	t := &table{text: 1}
	t.row("module", "test packages", "tests that pass before", "others before", "still pass", "with rewritten tests", "batches run", "of")
	for _, r := range byPath(results) {
		if n := r.Tests; n.Packages > 0 && r.Counts != nil {
			t.numbers([]string{strings.TrimPrefix(r.Path, "github.com/")}, n.Packages, n.Pass, n.NotPass, n.Same, n.TestFiles, n.Ran, r.Rewritten-r.Counts.TestFiles)
		}
	}
	return t.markdown() + "\nTests run " + isolated() + ".\n"
}

// table is a table with a last line of sums. The first columns hold text, the
// others numbers.
type table struct {
	text int
	rows [][]string
	sums []int
}

func (t *table) row(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) numbers(text []string, numbers ...int) {
	if t.sums == nil {
		t.sums = make([]int, len(numbers))
	}
	for i, n := range numbers {
		text = append(text, fmt.Sprint(n))
		t.sums[i] += n
	}
	t.row(text...)
}

func (t *table) markdown() string {
	last := append([]string{"all"}, make([]string, t.text-1)...)
	for _, n := range t.sums {
		last = append(last, fmt.Sprint(n))
	}
	rows := t.rows
	if t.sums != nil {
		rows = append(slices.Clip(rows), last)
	}
	width := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, s := range r {
			width[i] = max(width[i], len(s), 3)
		}
	}
	var b strings.Builder
	for n, r := range rows {
		for i, s := range r {
			if i < t.text {
				fmt.Fprintf(&b, "| %-*s ", width[i], s)
			} else {
				fmt.Fprintf(&b, "| %*s ", width[i], s)
			}
		}
		b.WriteString("|\n")
		if n > 0 {
			continue
		}
		for i := range r {
			line := strings.Repeat("-", width[i])
			if i >= t.text {
				line = line[1:] + ":"
			}
			fmt.Fprintf(&b, "| %s ", line)
		}
		b.WriteString("|\n")
	}
	return b.String()
}

// updatePage compares the counts on the page with what was found, and with
// write puts all tables into it.
func updatePage(path string, results []*result, baseline string, write bool) (stale bool, err error) {
	page, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	put := func(old []byte, part, text string) []byte {
		fresh, e := replacePart(old, part, text)
		if e != nil {
			err = fmt.Errorf("%s: %w", path, e)
			return old
		}
		return fresh
	}
	counts := put(page, countMark, countTable(results))
	counts = put(counts, siteMark, siteTables(results))
	if err != nil || !write {
		return !bytes.Equal(counts, page), err
	}
	all := put(counts, testMark, testTable(results))
	if baseline != "" {
		all = put(all, firstMark, firstLine(baseline, results))
	}
	if err != nil {
		return false, err
	}
	return false, os.WriteFile(path, all, 0o644)
}

// replacePart puts text between the markers of a part.
func replacePart(page []byte, part, text string) ([]byte, error) {
	head, rest, ok := strings.Cut(string(page), begin(part))
	if !ok {
		return nil, fmt.Errorf("has no line %q: write it where the table belongs", strings.TrimSpace(begin(part)))
	}
	_, tail, ok := strings.Cut(rest, end(part))
	if !ok {
		return nil, fmt.Errorf("has no line %q after the table", strings.TrimSpace(end(part)))
	}
	return []byte(head + begin(part) + "\n" + text + "\n" + end(part) + tail), nil
}
