// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

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

// survey analyses the module's packages. It returns the counts, and what was
// found where.
func (c *corpus) survey(ctx context.Context, m *module) (*counts, []finding, error) {
	prog, err := driver.Load(ctx, driver.Config{
		Dir:          m.copy,
		Env:          environ(m.copy, m.env()...),
		Tests:        !m.NoTests,
		FactPackages: []string{"golang.org/x/sys/unix", "syscall"},
	}, m.Packages)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range prog.Problems {
		return nil, nil, fmt.Errorf("analysing %s", p)
	}
	var found []finding
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
			found = append(found, findings(m.copy, f)...)
			c.show(m, f)
		}
	}
	return n, found, nil
}

// findings are a file's groups and what was said of it.
func findings(dir string, f *driver.File) []finding {
	name, err := filepath.Rel(dir, f.Path)
	if err != nil {
		return nil
	}
	name = filepath.ToSlash(name)
	var list []finding
	for _, r := range f.Regions {
		x := finding{File: name, Line: r.Pos.Line, Loop: isLoop(r)}
		for _, e := range r.Entries {
			x.Calls = append(x.Calls, siteCall{e.Func.Name, e.Call.Line})
		}
		list = append(list, x)
	}
	for _, r := range f.Remarks {
		if r.Near || r.Reason == plan.Build {
			list = append(list, finding{File: name, Line: r.Pos.Line, Reason: r.Reason, Text: r.Text})
		}
	}
	return list
}

// isLoop reports whether the iterations of a loop share the region's crossing:
// the first line of its dump says so.
func isLoop(r *plan.Region) bool {
	first, _, _ := strings.Cut(r.String(), "\n")
	return slices.Contains(strings.Fields(first), "loop")
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
