// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"cmp"
	"fmt"
	"go/token"
	"io"
	"slices"
	"strings"

	"github.com/autobatch/autobatch/internal/driver"
	"github.com/autobatch/autobatch/plan"
)

// found reports whether anything could be batched.
func (c *command) found(prog *driver.Program) bool {
	for _, u := range prog.Units {
		for _, f := range u.Files {
			if len(f.Regions) > 0 {
				return true
			}
		}
	}
	return false
}

// explainTo prints, in source order, the groups of calls that can share a
// crossing (if regions is set) and with -explain what stands in the way of
// those that nearly could.
func (c *command) explainTo(w io.Writer, prog *driver.Program, regions bool) {
	type line struct {
		pos  token.Position
		text string
	}
	for _, u := range prog.Units {
		for _, f := range u.Files {
			var lines []line
			if regions {
				for _, r := range f.Regions {
					lines = append(lines, line{r.Pos, describe(r)})
				}
			}
			if c.explain {
				for _, r := range f.Remarks {
					// Of the calls that stand alone there is nothing to say; of
					// files that are left alone there is.
					if r.Near || r.Reason == plan.Build {
						lines = append(lines, line{r.Pos, fmt.Sprintf("%s [%s]", r.Text, r.Reason)})
					}
				}
			}
			slices.SortStableFunc(lines, func(a, b line) int {
				return cmp.Or(cmp.Compare(a.pos.Line, b.pos.Line), cmp.Compare(a.pos.Column, b.pos.Column))
			})
			c.progress.clear()
			for _, l := range lines {
				l.pos.Filename = c.rel(l.pos.Filename)
				fmt.Fprintf(w, "%s: %s\n", l.pos, l.text)
			}
		}
	}
}

// describe says in one line what a region holds.
func describe(r *plan.Region) string {
	var names []string
	for _, e := range r.Entries {
		names = append(names, e.Func.Name)
	}
	return fmt.Sprintf("%d calls can share one crossing: %s", len(names), strings.Join(names, ", "))
}
