// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/autobatch/autobatch/plan"
)

// siteTables are the sums over all sites: by what they need, and by the reason
// for which they must be refused.
func siteTables(results []*result) string {
	var all []*answer
	for _, r := range results {
		all = append(all, r.Sites...)
	}
	return needTable(all) + "\n" + reasonTable(all)
}

// needTable has a line for each transform. A site counts in the line of every
// transform that it needs, so the last line is no sum.
func needTable(all []*answer) string {
	t := &table{text: 1}
	t.row("needs", "sites", "nothing else but neighbours", "rewritten", "in part", "missing")
	line := func(name string, keep func(*answer) bool) {
		var n [5]int
		for _, a := range all {
			if a.refused() || !keep(a) {
				continue
			}
			n[0]++
			if others := slices.DeleteFunc(slices.Clone(a.Needs), func(s string) bool { return s == "straight" || s == name }); len(others) == 0 {
				n[1]++
			}
			switch a.state() {
			case rewrittenWhole:
				n[2]++
			case rewrittenPart:
				n[3]++
			default:
				n[4]++
			}
		}
		t.numbers([]string{name}, n[:]...)
	}
	for _, tr := range transforms {
		line(tr, func(a *answer) bool { return slices.Contains(a.Needs, tr) })
	}
	t.sums = nil
	line("any", func(*answer) bool { return true })
	t.sums = nil
	return t.markdown()
}

// reasonTable has a line for the first listed reason of the refused sites.
func reasonTable(all []*answer) string {
	t := &table{text: 1}
	t.row("must be refused", "sites", "refused so", "for another reason", "nothing said", "rewritten")
	count := map[plan.Reason]*[5]int{}
	for _, a := range all {
		if !a.refused() {
			continue
		}
		n := count[a.Reasons[0]]
		if n == nil {
			n = new([5]int)
			count[a.Reasons[0]] = n
		}
		n[0]++
		switch a.state() {
		case agrees:
			n[1]++
		case otherReason:
			n[2]++
		case unexpected:
			n[4]++
		default:
			n[3]++
		}
	}
	for _, r := range reasonCodes {
		if n := count[r]; n != nil {
			t.numbers([]string{string(r)}, n[:]...)
		}
	}
	return t.markdown()
}

// unsettled counts the sites about which tool and list are of two minds.
func unsettled(results []*result) int {
	n := 0
	for _, r := range results {
		for _, a := range r.Sites {
			if !a.state().settled() {
				n++
			}
		}
	}
	return n
}

// batchedSites counts the sites that are batched, in whole and at all.
func batchedSites(list []*answer) (whole, any int) {
	for _, a := range list {
		switch {
		case a.refused():
		case a.state() == rewrittenWhole:
			whole++
			any++
		case a.Batched > 0:
			any++
		}
	}
	return whole, any
}

// firstLine compares the tool of another commit with this one.
func firstLine(commit string, results []*result) string {
	var is, was []*answer
	for _, r := range results {
		is = append(is, r.Sites...)
		was = append(was, r.First...)
	}
	whole, some := batchedSites(is)
	oldWhole, oldSome := batchedSites(was)
	var b strings.Builder
	fmt.Fprintf(&b, "The tool of %s rewrites %d of these sites, %d of them whole; this one %d and %d", commit, oldSome, oldWhole, some, whole)
	if oldSome > 0 && oldWhole > 0 {
		fmt.Fprintf(&b, ": %.2f and %.2f times as many", float64(some)/float64(oldSome), float64(whole)/float64(oldWhole))
	}
	b.WriteString(".\n")
	return b.String()
}
