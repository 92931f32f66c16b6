// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"context"
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// testCounts is what came of a module's tests.
type testCounts struct {
	Packages  int // whose tests ran
	Pass      int // tests and subtests that pass without the rewrite
	NotPass   int // that fail or skip without it, and prove nothing
	Same      int // of Pass, those that pass with the rewrite too
	TestFiles int // of Pass, those in packages whose test files were rewritten, and pass then too
	Ran       int // batches outside of test files that the tests ran
}

// programs are what the tests of a module run besides.
var programs = map[string]string{"github.com/hanwen/go-fuse/v2": "fusermount3"} // Debian's package fuse3

// tests compares the tests of the packages that changed, and of those whose
// tests import one that changed.
func (s *sides) tests(ctx context.Context) error {
	r, c := s.r, s.c
	if need := programs[r.Path]; need != "" {
		if _, err := exec.LookPath(need); err != nil {
			r.Notes = append(r.Notes, "most tests need "+need+", which is missing, and fail with the rewrite or without")
		}
	}
	var code, testFiles []string
	for _, n := range s.names {
		switch {
		case isTest(n):
			testFiles = append(testFiles, n)
		case strings.HasSuffix(n, ".go"):
			code = append(code, n)
		}
	}
	pkgs, cover, err := c.concerned(ctx, r.module, packagesOf(s.names), packagesOf(code))
	if err != nil {
		return err
	}
	r.Tests.Packages = len(pkgs)
	profile := filepath.Join(c.work, filepath.Base(r.copy)+".cover")

	c.say(r.module, "tests of %d packages, original", len(pkgs))
	var was outcomes
	err = s.original(func() (err error) { was, err = c.goTest(ctx, r.module, pkgs, cover, profile); return err })
	if err != nil {
		return err
	}
	r.Tests.Pass, r.Tests.NotPass = was.count()

	// First with the tests as their authors wrote them.
	c.say(r.module, "tests, rewritten")
	if err := s.before.put(r.copy, testFiles); err != nil {
		return err
	}
	is, err := c.goTest(ctx, r.module, pkgs, cover, profile)
	if err != nil {
		return err
	}
	lost, err := s.confirm(ctx, was.lost(is), func(pkgs []string) (outcomes, error) {
		return c.goTest(ctx, r.module, pkgs, cover, "")
	})
	if err != nil {
		return err
	}
	r.Tests.Same = r.Tests.Pass - len(lost)
	r.differences("with the rewrite", lost, is)
	if r.Tests.Ran, err = covered(profile, r.copy, s.after, code); err != nil {
		return err
	}
	if err := s.after.put(r.copy, testFiles); err != nil || len(testFiles) == 0 {
		return err
	}

	// Then rewritten themselves.
	c.say(r.module, "rewritten tests")
	pkgs, _, err = c.concerned(ctx, r.module, packagesOf(testFiles), nil)
	if err != nil {
		return err
	}
	was = was.only(pkgs)
	if is, err = c.goTest(ctx, r.module, pkgs, nil, ""); err != nil {
		return err
	}
	lost, err = s.confirm(ctx, was.lost(is), func(pkgs []string) (outcomes, error) {
		return c.goTest(ctx, r.module, pkgs, nil, "")
	})
	if err != nil {
		return err
	}
	pass, _ := was.count()
	r.Tests.TestFiles = pass - len(lost)
	r.differences("with test files rewritten too", lost, is)
	return nil
}

// tries is how often a test that passes without the rewrite may fail with it
// before it is lost. Some compare the free blocks of the machine's disk.
const tries = 4

// confirm runs again what seems to differ: a test counts as lost only if it
// fails in all tries with the rewrite and passes twice without.
func (s *sides) confirm(ctx context.Context, lost []string, again func(pkgs []string) (outcomes, error)) ([]string, error) {
	if len(lost) == 0 || ctx.Err() != nil {
		return lost, ctx.Err()
	}
	s.c.say(s.r.module, "%d tests differ (%s): once more", len(lost), short(lost))
	var pkgs []string
	for _, k := range lost {
		pkg, _, _ := strings.Cut(k, " ")
		pkgs = append(pkgs, pkg)
	}
	pkgs = slices.Compact(pkgs) // lost is sorted
	seemed := lost
	for n := 1; n < tries && len(lost) > 0; n++ {
		is, err := again(pkgs)
		if err != nil {
			return nil, err
		}
		lost = slices.DeleteFunc(slices.Clone(lost), func(k string) bool { return is[k].passed() })
	}
	if len(lost) > 0 {
		// The test files are in either state: put back just what is there now.
		now, err := take(s.r.copy)
		if err != nil {
			return nil, err
		}
		var was outcomes
		if err := s.before.put(s.r.copy, s.names); err != nil {
			return nil, err
		}
		was, err = again(pkgs)
		if e := now.put(s.r.copy, s.names); e != nil {
			return nil, e
		}
		if err != nil {
			return nil, err
		}
		lost = slices.DeleteFunc(lost, func(k string) bool { return !was[k].passed() })
	}
	for _, k := range seemed {
		if !slices.Contains(lost, k) {
			s.r.Notes = append(s.r.Notes, k+" passes and fails at random, with the rewrite or without")
		}
	}
	return lost, nil
}

// differences reports the tests that the rewrite broke.
func (r *result) differences(when string, lost []string, is outcomes) {
	for _, k := range lost {
		r.problem(fmt.Sprintf("%s %s, %s; it passes without", k, is[k].verb(), when), is[k].output)
	}
}

func short(list []string) string {
	if len(list) > 5 {
		return strings.Join(list[:5], ", ") + ", ..."
	}
	return strings.Join(list, ", ")
}

// concerned lists the import paths of the packages in dirs, together with
// those whose tests import one of the packages in imported; and the import
// paths of the latter.
func (c *corpus) concerned(ctx context.Context, m *module, dirs, imported []string) (pkgs, paths []string, err error) {
	const format = "{{.Dir}}\t{{.ImportPath}}\t{{join .TestImports \" \"}} {{join .XTestImports \" \"}}"
	out, err := c.stdout(ctx, m.copy, m.env(), append([]string{"go", "list", "-f", format}, m.Packages...)...)
	if err != nil {
		return nil, nil, err
	}
	byTests := map[string][]string{} // import path -> packages whose tests import it
	byDir := map[string]string{}
	for line := range strings.Lines(string(out)) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(f) != 3 {
			continue
		}
		byDir[f[0]] = f[1]
		for _, imp := range strings.Fields(f[2]) {
			byTests[imp] = append(byTests[imp], f[1])
		}
	}
	set := map[string]bool{}
	for _, d := range dirs {
		if p := byDir[filepath.Join(m.copy, d)]; p != "" {
			set[p] = true
		}
	}
	for _, d := range imported {
		p := byDir[filepath.Join(m.copy, d)]
		if p == "" {
			continue
		}
		paths = append(paths, p)
		for _, user := range byTests[p] {
			set[user] = true
		}
	}
	if len(m.Tests) > 0 {
		maps.DeleteFunc(set, func(p string, _ bool) bool {
			return !slices.ContainsFunc(m.Tests, func(t string) bool { return byDir[filepath.Join(m.copy, t)] == p })
		})
	}
	return slices.Sorted(maps.Keys(set)), paths, nil
}
