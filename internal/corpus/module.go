// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// result is what became of a module.
type result struct {
	*module
	Counts    *counts
	Raised    string // the x/sys version that was too old, "" if none
	Rewritten int    // batches in the rewritten sources
	Changed   int    // files
	Tests     testCounts
	Sites     []*answer
	Unlisted  []finding // groups that the list does not have
	First     []*answer // what the tool of another commit did at the sites; nil if it was not asked
	Problems  []string  // what makes the exit status 1
	Notes     []string  // what somebody should know
}

// problem notes something that must not be; details are shortened.
func (r *result) problem(what, details string) {
	if details != "" {
		lines := strings.Split(details, "\n")
		if len(lines) > 30 {
			lines = append(lines[:30], fmt.Sprintf("(and %d lines more)", len(lines)-30))
		}
		what += ":\n" + strings.Join(lines, "\n")
	}
	r.Problems = append(r.Problems, what)
}

// module does all that is done with one module.
func (c *corpus) module(ctx context.Context, m *module) *result {
	r := &result{module: m}
	if err := c.steps(ctx, r); err != nil {
		r.problem(err.Error(), "")
	}
	c.say(m, "done, %d problems", len(r.Problems))
	return r
}

func (c *corpus) steps(ctx context.Context, r *result) error {
	m := r.module
	c.say(m, "%s@%s", m.Path, m.Version)
	if err := m.copyOut(); err != nil {
		return fmt.Errorf("copying: %w", err)
	}
	var err error
	if r.Raised, err = c.raise(ctx, m); err != nil {
		return err
	}
	var found []finding
	if r.Counts, found, err = c.survey(ctx, m); err != nil {
		return err
	}
	r.Sites, r.Unlisted = compare(m.copy, m.Sites, found), unlisted(m.Sites, found)
	for _, a := range r.Sites {
		if a.state() == broken {
			r.problem(fmt.Sprintf("%s:%d: %s", siteFile, a.line, a.Bad), "")
		}
	}
	if err := c.askBaseline(ctx, r); err != nil {
		return err
	}
	if c.sitesOnly {
		return nil
	}
	before, err := take(m.copy)
	if err != nil {
		return err
	}
	c.say(m, "%d calls, %d groups; rewrite", r.Counts.Calls, r.Counts.Groups)
	if out, err := c.fix(ctx, m); err != nil {
		r.problem("batchfix failed", out)
	}
	after, err := take(m.copy)
	if err != nil {
		return err
	}
	names := before.changed(after)
	r.shape(before, after, names)
	if want := r.Counts.Groups - r.Counts.Verify; r.Rewritten != want {
		r.problem(fmt.Sprintf("%d groups were found that can be rewritten, and %d batches are in the result", want, r.Rewritten), "")
	}
	if len(names) == 0 {
		return nil
	}
	c.say(m, "compile, vet")
	if out, err := c.compile(ctx, m, "", m.Packages); err != nil {
		r.problem("the rewritten module does not compile", out)
	}
	s := &sides{c: c, r: r, before: before, after: after, names: names}
	if err := s.vet(ctx); err != nil {
		return err
	}
	c.say(m, "rewrite again")
	if out, err := c.fix(ctx, m); err != nil {
		r.problem("batchfix failed when run again", out)
	}
	again, err := take(m.copy)
	if err != nil {
		return err
	}
	if twice := after.changed(again); len(twice) > 0 {
		r.problem("a second run of batchfix changed "+strings.Join(twice, ", "), "")
		if err := after.put(m.copy, twice); err != nil {
			return err
		}
	}
	if err := s.otherPorts(ctx); err != nil {
		return err
	}
	if c.noTests || m.NoTests || ctx.Err() != nil {
		return nil
	}
	return s.tests(ctx)
}

// fix runs batchfix over the copy.
func (c *corpus) fix(ctx context.Context, m *module) (string, error) {
	args := []string{c.batchfix, "-w", "-batchrt", filepath.Join(c.root, "batchrt")}
	if !m.NoTests {
		args = append(args, "-tests")
	}
	return c.command(ctx, m.copy, m.env(), append(args, m.Packages...)...)
}

// sides is a module of which both the original and the rewritten state are
// known; the latter is in place between the steps.
type sides struct {
	c             *corpus
	r             *result
	before, after snapshot
	names         []string // of the files that differ
}

// original calls f while the original is in place.
func (s *sides) original(f func() error) error {
	if err := s.before.put(s.r.copy, s.names); err != nil {
		return err
	}
	err := f()
	if e := s.after.put(s.r.copy, s.names); e != nil {
		return e
	}
	return err
}

// otherPorts compiles the changed packages for other systems. One that did
// not compile there before need not now.
func (s *sides) otherPorts(ctx context.Context) error {
	m, pkgs := s.r.module, packagesOf(s.names)
	if m.NoPorts {
		return nil
	}
	for _, p := range s.c.ports {
		s.c.say(m, "compile for %s", p)
		for _, pkg := range pkgs {
			out, err := s.c.compile(ctx, m, p, []string{pkg})
			if err == nil {
				continue
			}
			err = s.original(func() error {
				if _, err := s.c.compile(ctx, m, p, []string{pkg}); err == nil {
					s.r.problem(fmt.Sprintf("%s rewritten does not compile for %s, where it did", pkg, p), out)
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// vet compares what go vet says of the changed packages.
func (s *sides) vet(ctx context.Context) error {
	var was map[string]int
	pkgs := packagesOf(s.names)
	err := s.original(func() error { was = s.c.vet(ctx, s.r.module, pkgs); return nil })
	if err != nil {
		return err
	}
	if fresh := newComplaints(was, s.c.vet(ctx, s.r.module, pkgs)); len(fresh) > 0 {
		s.r.problem("new complaints of go vet", strings.Join(fresh, "\n"))
	}
	return nil
}

// vet returns how often go vet makes each of its complaints about packages.
// Lines and columns are left out: a rewrite moves them.
func (c *corpus) vet(ctx context.Context, m *module, packages []string) map[string]int {
	out, _ := c.command(ctx, m.copy, m.env(), append([]string{"go", "vet"}, packages...)...)
	seen := map[string]int{}
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "# ") || strings.HasPrefix(line, "go: downloading ") {
			continue
		}
		seen[withoutPosition(line)]++
	}
	return seen
}

// withoutPosition turns "dir/f.go:12:3: text" into "dir/f.go: text".
func withoutPosition(line string) string {
	i := strings.Index(line, ".go:")
	if i < 0 {
		return line
	}
	rest := strings.TrimLeft(line[i+len(".go:"):], "0123456789:")
	return line[:i+len(".go")] + ":" + rest
}

func newComplaints(before, after map[string]int) []string {
	var list []string
	for _, line := range slices.Sorted(maps.Keys(after)) {
		if n := after[line] - before[line]; n > 0 {
			list = append(list, fmt.Sprintf("%s (%d times more)", line, n))
		}
	}
	return list
}
