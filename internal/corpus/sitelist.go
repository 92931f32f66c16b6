// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/autobatch/autobatch/plan"
)

// siteFile is the list of sites, below the repository's root. Its head
// explains the form.
const siteFile = "testdata/corpus/sites.txt"

// transforms are what a site can need, in the order of the tables.
var transforms = []string{"straight", "chain", "resume", "defer", "pure", "predicate", "nest", "wrap", "raw", "loop"}

// entry is what the list says of a module: how it is worked on, and its sites.
type entry struct {
	Path, Version           string
	Packages                []string // patterns
	Tests                   []string // patterns of the packages whose tests may run
	NoTests, NoPorts, NoCgo bool
	Sites                   []*site
}

// site is a line of the list: a group of calls that a sound transform could
// batch, or a near one that must be refused.
type site struct {
	File, Func string
	Calls      []siteCall // in source order
	Needs      []string   // transforms; nil where it must be refused
	Reasons    []plan.Reason
	Why        string
	line       int // of the list
}

// siteCall is a call of a function by that name in a line of the file.
type siteCall struct {
	Name string
	Line int
}

func (s *site) refused() bool { return s.Needs == nil }

func (s *site) verdict() string {
	if !s.refused() {
		return strings.Join(s.Needs, "+")
	}
	return "refused " + strings.Join(strs(s.Reasons), "/")
}

// readSites reads the list.
func readSites(root string) ([]*entry, error) {
	data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(siteFile)))
	if err != nil {
		return nil, err
	}
	list, err := parseSites(string(data))
	if err != nil {
		return nil, fmt.Errorf("%s:%w", siteFile, err)
	}
	return list, nil
}

func parseSites(text string) ([]*entry, error) {
	var list []*entry
	var e *entry
	n := 0
	for line := range strings.Lines(text) {
		n++
		f := strings.Fields(line)
		switch {
		case len(f) == 0 || strings.HasPrefix(f[0], "#"):
		case f[0] == "module" && len(f) == 3:
			e = &entry{Path: f[1], Version: f[2], Packages: []string{"./..."}}
			if find(list, e.Path) != nil {
				return nil, fmt.Errorf("%d: %s a second time", n, e.Path)
			}
			list = append(list, e)
		case e == nil:
			return nil, fmt.Errorf("%d: a line before the first module", n)
		case strings.Contains(line, "|"):
			s, err := parseSite(line)
			if err != nil {
				return nil, fmt.Errorf("%d: %w", n, err)
			}
			s.line = n
			e.Sites = append(e.Sites, s)
		case f[0] == "packages" && len(f) > 1:
			e.Packages = f[1:]
		case f[0] == "tests" && len(f) == 2 && f[1] == "none":
			e.NoTests = true
		case f[0] == "ports" && len(f) == 2 && f[1] == "none":
			e.NoPorts = true
		case f[0] == "tests" && len(f) > 1:
			e.Tests = f[1:]
		case f[0] == "cgo" && len(f) == 2 && f[1] == "off":
			e.NoCgo = true
		default:
			return nil, fmt.Errorf("%d: %q is no line of the list", n, strings.TrimSpace(line))
		}
	}
	return list, nil
}

func find(list []*entry, path string) *entry {
	for _, e := range list {
		if e.Path == path {
			return e
		}
	}
	return nil
}

func parseSite(line string) (*site, error) {
	col := strings.SplitN(strings.TrimSpace(line), " | ", 4)
	if len(col) != 4 || col[3] == "" {
		return nil, fmt.Errorf("four columns are needed: FILE FUNC | CALL:LINE ... | VERDICT | WHY")
	}
	where := strings.Fields(col[0])
	if len(where) != 2 || !filepath.IsLocal(where[0]) {
		return nil, fmt.Errorf("%q is no FILE FUNC", col[0])
	}
	s := &site{File: where[0], Func: where[1], Why: col[3]}
	for _, c := range strings.Fields(col[1]) {
		name, at, _ := strings.Cut(c, ":")
		l, err := strconv.Atoi(at)
		if err != nil || name == "" {
			return nil, fmt.Errorf("%q is no CALL:LINE", c)
		}
		s.Calls = append(s.Calls, siteCall{name, l})
	}
	if !slices.IsSortedFunc(s.Calls, func(a, b siteCall) int { return a.Line - b.Line }) {
		return nil, fmt.Errorf("%s is not in source order", col[1])
	}
	verdict, reasons, refused := strings.Cut(col[2], " ")
	if refused {
		if verdict != "refused" {
			return nil, fmt.Errorf("%q is no verdict", col[2])
		}
		for r := range strings.SplitSeq(reasons, "/") {
			if !slices.Contains(reasonCodes, plan.Reason(r)) {
				return nil, fmt.Errorf("%q is no reason", r)
			}
			s.Reasons = append(s.Reasons, plan.Reason(r))
		}
	} else {
		for t := range strings.SplitSeq(verdict, "+") {
			if !slices.Contains(transforms, t) || slices.Contains(s.Needs, t) {
				return nil, fmt.Errorf("%q is no transform, or there twice", t)
			}
			s.Needs = append(s.Needs, t)
		}
	}
	if len(s.Calls) == 0 || len(s.Calls) == 1 && !slices.Contains(s.Needs, "loop") && !s.refused() {
		return nil, fmt.Errorf("a group has two calls, and a loop at least one")
	}
	return s, nil
}

// reasonCodes are the reasons that a site can be refused for.
var reasonCodes = []plan.Reason{
	plan.Data, plan.Alias, plan.Control, plan.Panic, plan.Effect, plan.Block, plan.Sync, plan.State, plan.Wrapper,
	plan.Lifetime, plan.Build, plan.Module, plan.Portable, plan.Version, plan.Consume, plan.Loop, plan.Call, plan.Price,
}
