// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/autobatch/autobatch/internal/driver"
	"github.com/autobatch/autobatch/plan"
)

// counts is what the analyzer found in a module.
type counts struct {
	Packages  int // each with its tests
	Calls     int // of functions that the effects table knows; tests not counted
	Groups    int // that can be rewritten, or could but for their proof: Rewritten + Verify
	TestFiles int // groups in _test.go files; the other numbers have them too
	Entries   int // calls in groups
	Verify    int // groups that were found and whose rewriting was not proven or did not compile
	Near      map[plan.Reason]int
	Files     int // files with groups
}

// survey analyses every package of the copy.
func (c *corpus) survey(ctx context.Context, m *module) (*counts, error) {
	prog, err := driver.Load(ctx, driver.Config{
		Dir:          m.copy,
		Env:          environ(m.copy),
		Tests:        true,
		FactPackages: []string{"golang.org/x/sys/unix", "syscall"},
	}, []string{"./..."})
	if err != nil {
		return nil, err
	}
	for _, p := range prog.Problems {
		return nil, fmt.Errorf("analysing %s", p)
	}
	n := &counts{Packages: len(prog.Units), Near: map[plan.Reason]int{}}
	for _, u := range prog.Units {
		n.Calls += u.Calls
		for _, f := range u.Files {
			if len(f.Regions) > 0 {
				n.Files++
			}
			for _, r := range f.Regions {
				n.Groups++
				n.Entries += len(r.Entries)
				if isTest(f.Path) {
					n.TestFiles++
				}
			}
			for _, r := range f.Remarks {
				switch {
				case r.Reason == plan.Verify:
					n.Verify++
					n.Groups++
				case r.Near:
					n.Near[r.Reason]++
				}
			}
			c.show(m, f)
		}
	}
	return n, nil
}

// show prints the groups and near misses of a file, with -list.
func (c *corpus) show(m *module, f *driver.File) {
	if !c.list {
		return
	}
	c.logMu.Lock()
	defer c.logMu.Unlock()
	rel, err := filepath.Rel(m.copy, f.Path)
	if err != nil {
		rel = f.Path
	}
	name := filepath.Join(filepath.Base(m.copy), rel)
	for _, r := range f.Regions {
		calls := make([]string, len(r.Entries))
		for i, e := range r.Entries {
			calls[i] = e.Func.Name
		}
		fmt.Fprintf(c.out, "group %s:%d %s %v\n", name, r.Pos.Line, r.Func, calls)
	}
	for _, r := range f.Remarks {
		if r.Near {
			fmt.Fprintf(c.out, "near %s:%d %s [%s]\n", name, r.Pos.Line, r.Text, r.Reason)
		}
	}
}

// sortedReasons lists the reasons that occur in any result, most frequent
// first.
func sortedReasons(results []*result) []plan.Reason {
	total := map[plan.Reason]int{}
	for _, r := range results {
		if r.Counts != nil {
			for reason, n := range r.Counts.Near {
				total[reason] += n
			}
		}
	}
	var list []plan.Reason
	for r := range total {
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b plan.Reason) int {
		if total[a] != total[b] {
			return total[b] - total[a]
		}
		if a < b {
			return -1
		}
		return 1
	})
	return list
}
