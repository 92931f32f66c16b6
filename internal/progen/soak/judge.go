// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package soak

import (
	"context"
	"fmt"
	"sort"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/autobatch/autobatch/internal/traptest"
)

// Failure is one program that does not survive rewriting.
type Failure struct {
	Program   *Program // nil when it is not about one program
	Kind      string   // "difference", "build", "source" (formatting, comments), "rewriter"
	Inject    []string // what was made to fail, in strace's terms; none = nothing
	Detail    string   // what differs
	Rewritten string   // the program's source after rewriting
	Minimal   *Failure // the same of a smaller program, nil when none was looked for
}

// sourceFaults says what a reviewer would object to in a rewritten file.
func sourceFaults(before, after string) string {
	return strings.Join(traptest.SourceFaults(map[string]string{"main.go": before}, map[string]string{"main.go": after}), "\n")
}

// verdict is what one comparison of many programs gave.
type verdict struct {
	base     map[string]*result // of the originals
	faults   int                // injected faults that struck
	flaky    []string           // programs that differ from themselves
	failures []*Failure
}

// judge runs the programs before and after rewriting and compares.
func (s *slot) judge(ctx context.Context, p *pack, ids, inject []string) (*verdict, error) {
	x, err := s.run(ctx, p.original, ids, inject)
	if err != nil {
		return nil, err
	}
	y, err := s.run(ctx, p.changed, ids, inject)
	if err != nil {
		return nil, err
	}
	v := &verdict{base: x}
	for _, id := range ids {
		v.faults += x[id].hits
		if same(x[id], y[id]) {
			continue
		}
		// Only a difference that shows again, with the program alone, and that
		// the original does not have with itself, counts.
		d, err := s.confirm(ctx, p, id, inject)
		if err != nil {
			return nil, err
		}
		if d == "" {
			v.flaky = append(v.flaky, id+":\n"+textDiff(x[id], y[id]))
			continue
		}
		v.failures = append(v.failures, &Failure{Program: p.find(id), Kind: "difference", Inject: inject, Detail: d, Rewritten: p.rewritten[id]})
	}
	return v, nil
}

// same compares two results. What a run that was ended by force did last is chance.
func same(x, y *result) bool {
	if x.exit == "timeout" && y.exit == "timeout" {
		return true
	}
	return x.text() == y.text()
}

func textDiff(x, y *result) string {
	return string(diff.Diff("original", []byte(x.text()), "rewritten", []byte(y.text())))
}

func (s *slot) confirm(ctx context.Context, p *pack, id string, inject []string) (string, error) {
	var rs [3]*result
	for i, bin := range []string{p.original, p.changed, p.original} {
		m, err := s.run(ctx, bin, []string{id}, inject)
		if err != nil {
			return "", err
		}
		rs[i] = m[id]
	}
	if !same(rs[0], rs[2]) || same(rs[0], rs[1]) {
		return "", nil
	}
	return textDiff(rs[0], rs[1]), nil
}

func (p *pack) find(id string) *Program {
	for _, g := range p.programs {
		if g.ID == id {
			return g
		}
	}
	return nil
}

// ids lists the programs that were rewritten and built, in order.
func (p *pack) ids() []string {
	var out []string
	for _, g := range p.programs {
		if _, ok := p.rewritten[g.ID]; ok {
			out = append(out, g.ID)
		}
	}
	return out
}

// Write describes the failure for a person who shall reproduce it.
func (f *Failure) Write() string {
	var b strings.Builder
	if f.Program != nil {
		fmt.Fprintf(&b, "seed: %d\n", f.Program.Seed)
	}
	fmt.Fprintf(&b, "kind: %s\n", f.Kind)
	for _, i := range f.Inject {
		fmt.Fprintf(&b, "inject: %s (counted on the program's own thread)\n", i)
	}
	fmt.Fprintf(&b, "\n== what differs\n%s\n", f.Detail)
	if f.Program != nil {
		fmt.Fprintf(&b, "\n== original\n%s\n== change\n%s\n", f.Program.Source,
			diff.Diff("original", []byte(packed(f.Program)), "rewritten", []byte(f.Rewritten)))
	}
	if f.Minimal != nil {
		return f.Minimal.Write() + "\n==== before it was made smaller\n" + b.String()
	}
	return b.String()
}

// sortFailures puts those about programs in order of seed.
func sortFailures(fs []*Failure) {
	sort.SliceStable(fs, func(i, j int) bool {
		return fs[i].Program != nil && fs[j].Program != nil && fs[i].Program.Seed < fs[j].Program.Seed
	})
}
