// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
)

// Markers of the generated parts of docs/corpus.md. The counts are the same
// on every machine; what the tests did depends on who runs them.
const (
	countMark = "counts"
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

// countTable is the table of what the analyzer found.
func countTable(results []*result) string {
	reasons := sortedReasons(results)
	head := []string{"module", "version", "x/sys was", "packages", "calls", "groups", "calls in groups", "in tests", "files", "rewritten", "verify"}
	for _, r := range reasons {
		head = append(head, string(r))
	}
	rows := [][]string{head}
	total := make([]int, len(head))
	for _, r := range byPath(results) {
		n := r.Counts
		if n == nil {
			continue
		}
		raised := r.Raised
		if raised == "" {
			raised = "-"
		}
		numbers := []int{n.Packages, n.Calls, n.Groups, n.Entries, n.TestFiles, n.Files, r.Rewritten, n.Verify}
		for _, reason := range reasons {
			numbers = append(numbers, n.Near[reason])
		}
		row := []string{strings.TrimPrefix(r.Path, "github.com/"), r.Version, raised}
		for i, x := range numbers {
			row = append(row, fmt.Sprint(x))
			total[i+3] += x
		}
		rows = append(rows, row)
	}
	last := []string{"all", "", ""}
	for _, x := range total[3:] {
		last = append(last, fmt.Sprint(x))
	}
	return markdown(append(rows, last), 3)
}

// testTable is the table of what the modules' tests said.
func testTable(results []*result) string {
	rows := [][]string{{"module", "test packages", "tests passing before", "others before", "still pass", "with rewritten tests", "batches run", "of"}}
	total := make([]int, 7)
	for _, r := range byPath(results) {
		n := r.Tests
		if n.Packages == 0 || r.Counts == nil {
			continue
		}
		row := []string{strings.TrimPrefix(r.Path, "github.com/")}
		for i, x := range []int{n.Packages, n.Pass, n.NotPass, n.Same, n.TestFiles, n.Ran, r.Rewritten - r.Counts.TestFiles} {
			row = append(row, fmt.Sprint(x))
			total[i] += x
		}
		rows = append(rows, row)
	}
	last := []string{"all"}
	for _, x := range total {
		last = append(last, fmt.Sprint(x))
	}
	return markdown(append(rows, last), 1) + "\nTests run " + isolated() + ".\n"
}

// markdown aligns a table; the columns from number on are numbers.
func markdown(rows [][]string, number int) string {
	width := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, s := range r {
			width[i] = max(width[i], len(s), 3)
		}
	}
	var b strings.Builder
	for n, r := range rows {
		for i, s := range r {
			if i < number {
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
			if i >= number {
				line = line[1:] + ":"
			}
			fmt.Fprintf(&b, "| %s ", line)
		}
		b.WriteString("|\n")
	}
	return b.String()
}

// updatePage compares the counts on the page with what was found, and with
// write puts both tables into it.
func updatePage(path string, results []*result, write bool) (stale bool, err error) {
	page, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	counts, err := replacePart(page, countMark, countTable(results))
	if err != nil {
		return false, fmt.Errorf("%s: %w", path, err)
	}
	if !write {
		return !bytes.Equal(counts, page), nil
	}
	all, err := replacePart(counts, testMark, testTable(results))
	if err != nil {
		return false, fmt.Errorf("%s: %w", path, err)
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
