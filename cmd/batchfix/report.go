// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"cmp"
	"fmt"
	"go/token"
	"io"
	"slices"

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

// line is one line of the report.
type line struct {
	pos  token.Position
	text string
	heat float64
}

// explainTo prints, in source order, the groups of calls that can share a
// crossing (if regions is set) and with -explain what stands in the way of
// those that nearly could. With -pgo the hottest groups come first.
func (c *command) explainTo(w io.Writer, prog *driver.Program, regions bool) {
	var all []line
	for _, u := range prog.Units {
		for _, f := range u.Files {
			var lines []line
			if regions {
				for _, r := range f.Regions {
					lines = append(lines, c.describe(r))
				}
			}
			if c.explain {
				for _, r := range f.Remarks {
					// Of the calls that stand alone there is nothing to say; of
					// files that are left alone there is.
					if (r.Near || r.Reason == plan.Build) && !r.Error {
						lines = append(lines, line{pos: r.Pos, text: fmt.Sprintf("%s [%s]\n\t%s", r.Text, r.Reason, plan.Hints[r.Reason])})
					}
				}
			}
			slices.SortStableFunc(lines, func(a, b line) int {
				return cmp.Or(cmp.Compare(a.pos.Line, b.pos.Line), cmp.Compare(a.pos.Column, b.pos.Column))
			})
			all = append(all, lines...)
		}
	}
	if c.heat != nil {
		slices.SortStableFunc(all, func(a, b line) int { return cmp.Compare(b.heat, a.heat) })
	}
	c.progress.clear()
	for _, l := range all {
		l.pos.Filename = c.rel(l.pos.Filename)
		fmt.Fprintf(w, "%s: %s\n", l.pos, l.text)
	}
}

// describe says in one line what a region holds.
func (c *command) describe(r *plan.Region) line {
	l := line{pos: r.Pos, text: r.Summary()}
	if c.heat != nil {
		l.heat = c.heat.of(r)
		l.text += fmt.Sprintf(" (%.1f %% of the samples)", l.heat)
	}
	if c.cost {
		what := "the batch"
		if r.Lanes > 0 {
			what = "an iteration"
		}
		l.text += fmt.Sprintf("\n\t%s %s", what, r.Cost)
	}
	return l
}
