// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// Package soak runs generated programs before and after they are rewritten and
// compares everything that can be observed, with and without calls that fail.
//
// Many programs are compiled into one binary and run in one process (see
// package rt): building and starting is what takes the time.
package soak

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/autobatch/autobatch/internal/progen/gen"
)

// Rewriter is a command that edits the module in its working directory.
// Without Args there is none, and programs are compared with themselves.
type Rewriter struct {
	Args []string
	Env  []string // additions to the environment
	Tags string   // build tags of the rewritten binary, comma-separated
}

// Program is one program under test.
type Program struct {
	ID     string // name of its package in the common module, e.g. "p17"
	Seed   uint64
	Source string // package main in one file
}

// lab is a place where packs are built.
type lab struct {
	root     string // of the repository
	work     string
	xsys     string            // version of golang.org/x/sys
	gocache  string            // "" for the user's
	shared   map[string]string // files that are the same in every module, as they were at the start
	base     map[string]bool   // files of the build cache that all packs share
	rewriter Rewriter
	checker  *gen.Checker
}

// Root finds the repository's root: the folder at or above dir whose go.mod is autobatch's.
func Root(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for d := dir; ; d = filepath.Dir(d) {
		b, err := os.ReadFile(filepath.Join(d, "go.mod"))
		if err == nil && modfile.ModulePath(b) == "github.com/autobatch/autobatch" {
			return d, nil
		}
		if d == filepath.Dir(d) {
			return "", fmt.Errorf("%s is not inside the autobatch repository: run this from there", dir)
		}
	}
}

// newLab prepares a scratch folder, with a build cache of its own unless the
// user's shall be used: many programs would fill that.
func newLab(ctx context.Context, opt Options) (*lab, error) {
	root, work := opt.Root, opt.Work
	l := &lab{root: root, work: work, rewriter: opt.Rewriter}
	if !opt.UserCache {
		l.gocache = filepath.Join(work, "cache")
	}
	b, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return nil, err
	}
	mod, err := modfile.Parse("go.mod", b, nil)
	if err != nil {
		return nil, err
	}
	for _, r := range mod.Require {
		if r.Mod.Path == "golang.org/x/sys" {
			l.xsys = r.Mod.Version
		}
	}
	l.shared = map[string]string{
		"go.mod": fmt.Sprintf("module %s\n\ngo 1.26.0\n\nrequire golang.org/x/sys %s\n", gen.Module, l.xsys),
	}
	for _, dir := range []string{"rt", "util"} {
		files, err := filepath.Glob(filepath.Join(root, "internal/progen", dir, "*.go"))
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				return nil, err
			}
			l.shared[dir+"/"+filepath.Base(f)] = gen.Shared(string(b))
		}
	}
	if b, err = os.ReadFile(filepath.Join(root, "go.sum")); err != nil {
		return nil, err
	}
	l.shared["go.sum"] = string(b)
	// An empty program fills the cache with what all share.
	seed := filepath.Join(work, "seed")
	if err := l.write(seed, nil); err != nil {
		return nil, err
	}
	if l.checker, err = gen.NewChecker(seed, l.env(nil)); err != nil {
		return nil, err
	}
	if _, err := l.run(ctx, seed, nil, "go", "build", "-trimpath", "-o", os.DevNull, "."); err != nil {
		return nil, err
	}
	if l.gocache != "" {
		// What the rewriter makes the go command compile, and the run-time
		// library, are kept too: without this each pack would compile them anew.
		programs, err := l.generate(1, 1)
		if err != nil {
			return nil, err
		}
		if _, err := l.build(ctx, "seed", programs); err != nil {
			return nil, err
		}
	}
	l.base, err = l.cached()
	return l, err
}

// env is the environment of go commands: the module stands alone.
func (l *lab) env(extra []string) []string {
	env := append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	if l.gocache != "" {
		env = append(env, "GOCACHE="+l.gocache)
	}
	return append(env, extra...)
}

func (l *lab) run(ctx context.Context, dir string, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Env = dir, l.env(env)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return string(out), fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return string(out), nil
}

// cached lists the files of the lab's own build cache.
func (l *lab) cached() (map[string]bool, error) {
	m := map[string]bool{}
	if l.gocache == "" {
		return m, nil
	}
	return m, filepath.WalkDir(l.gocache, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			m[path] = true
		}
		return err
	})
}

// trim removes from the cache what only earlier packs needed.
func (l *lab) trim() error {
	now, err := l.cached()
	if err != nil {
		return err
	}
	for f := range now {
		if !l.base[f] && !strings.HasSuffix(f, ".txt") {
			if err := os.Remove(f); err != nil {
				return err
			}
		}
	}
	return nil
}

// write writes a module that holds the programs.
func (l *lab) write(dir string, programs []*Program) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	for _, sub := range []string{"rt", "util"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return err
		}
	}
	files := maps.Clone(l.shared)
	for _, p := range programs {
		files[p.ID+"/"+p.ID+".go"] = packed(p)
		if err := os.MkdirAll(filepath.Join(dir, p.ID), 0o755); err != nil {
			return err
		}
	}
	files["main.go"] = mainFile(programs)
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// packed is the program as a package of a larger one.
func packed(p *Program) string {
	s := clauseRE.ReplaceAllLiteralString(p.Source, "package "+p.ID)
	return strings.Replace(s, gen.EntryLine, "", 1)
}

var clauseRE = regexp.MustCompile(`(?m)^package main$`)

func mainFile(programs []*Program) string {
	var b strings.Builder
	b.WriteString("package main\n\nimport (\n\t\"golang.org/x/sys/unix\"\n\n\t\"" + gen.Module + "/rt\"\n")
	for _, path := range gen.Imported {
		if !strings.Contains(path, ".") {
			fmt.Fprintf(&b, "\t_ %q\n", path) // compiled once, before any program
		}
	}
	fmt.Fprintf(&b, "\t_ %q\n", gen.Module+"/util")
	for _, p := range programs {
		fmt.Fprintf(&b, "\t%q\n", gen.Module+"/"+p.ID)
	}
	b.WriteString(")\n\nvar _ = unix.EIO\n\nfunc main() {\n\trt.Run(map[string]func(){\n")
	for _, p := range programs {
		fmt.Fprintf(&b, "\t\t%q: %s.Program,\n", p.ID, p.ID)
	}
	b.WriteString("\t})\n}\n")
	return b.String()
}

// pack is a set of programs, built before and after rewriting.
type pack struct {
	programs  []*Program
	rewritten map[string]string // packed source after rewriting, of those that changed
	failures  []*Failure        // programs that the rewriter or the compiler refused
	batches   int               // batches in the rewritten programs
	refused   []string          // remarks on batches that the validator took back
	original  string            // binaries, "" when nothing was rewritten
	changed   string
}

var failedRE = regexp.MustCompile(`(?m)^# ` + regexp.QuoteMeta(gen.Module) + `/(p\w+)$`)

// build rewrites and builds programs. Those that stay as they are need not be
// run, and are not built.
func (l *lab) build(ctx context.Context, name string, programs []*Program) (*pack, error) {
	p := &pack{programs: programs, rewritten: map[string]string{}}
	if len(l.rewriter.Args) == 0 {
		return p, l.buildTwice(ctx, name, p)
	}
	before, after := filepath.Join(l.work, name, "before"), filepath.Join(l.work, name, "after")
	if err := l.write(after, programs); err != nil {
		return nil, err
	}
	out, err := l.run(ctx, after, l.rewriter.Env, l.rewriter.Args...)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		p.failures = append(p.failures, &Failure{Kind: "rewriter", Detail: err.Error() + out})
	}
	for line := range strings.Lines(out) {
		if line = strings.TrimSpace(line); strings.HasSuffix(line, "[verify]") {
			p.refused = append(p.refused, line)
		}
	}
	var changed []*Program
	for _, g := range programs {
		file := g.ID + ".go"
		b, err := os.ReadFile(filepath.Join(after, g.ID, file))
		if err != nil {
			return nil, err
		}
		was := packed(g)
		if string(b) == was {
			continue
		}
		if bad := sourceFaults(was, string(b)); bad != "" {
			p.failures = append(p.failures, &Failure{Program: g, Kind: "source", Detail: bad, Rewritten: string(b)})
		}
		p.rewritten[g.ID] = string(b)
		p.batches += strings.Count(string(b), ".Run(")
		changed = append(changed, g)
	}
	for len(changed) > 0 {
		bin := filepath.Join(l.work, name, "changed")
		if err := os.WriteFile(filepath.Join(after, "main.go"), []byte(mainFile(changed)), 0o644); err != nil {
			return nil, err
		}
		args := []string{"go", "build", "-trimpath", "-ldflags=-s -w", "-o", bin}
		if l.rewriter.Tags != "" {
			args = append(args, "-tags", l.rewriter.Tags)
		}
		out, err := l.run(ctx, after, nil, append(args, ".")...)
		if err == nil {
			p.changed = bin
			break
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		bad := failedRE.FindAllStringSubmatch(out, -1)
		if len(bad) == 0 {
			return nil, err
		}
		for _, m := range bad {
			i := slices.IndexFunc(changed, func(g *Program) bool { return g.ID == m[1] })
			if i < 0 {
				return nil, err
			}
			p.failures = append(p.failures, &Failure{Program: changed[i], Kind: "build", Detail: out, Rewritten: p.rewritten[m[1]]})
			delete(p.rewritten, m[1])
			changed = slices.Delete(changed, i, i+1)
		}
	}
	if len(changed) == 0 {
		return p, nil
	}
	if err := l.write(before, changed); err != nil {
		return nil, err
	}
	p.original = filepath.Join(l.work, name, "original")
	if _, err := l.run(ctx, before, nil, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", p.original, "."); err != nil {
		return nil, fmt.Errorf("an original does not build: the generator is wrong: %w", err)
	}
	return p, nil
}

// buildTwice builds a pack that nothing rewrites, so that originals are
// compared with themselves: what differs then is the generator's fault.
func (l *lab) buildTwice(ctx context.Context, name string, p *pack) error {
	for _, g := range p.programs {
		p.rewritten[g.ID] = packed(g)
	}
	dir := filepath.Join(l.work, name, "before")
	if err := l.write(dir, p.programs); err != nil {
		return err
	}
	p.original = filepath.Join(l.work, name, "original")
	p.changed = p.original
	_, err := l.run(ctx, dir, nil, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", p.original, ".")
	return err
}

// generate writes and tidies the programs of the seeds.
func (l *lab) generate(seed uint64, n int) ([]*Program, error) {
	var out []*Program
	for s := seed; s < seed+uint64(n); s++ {
		src, err := l.checker.Tidy(gen.Generate(s))
		if err != nil {
			return nil, fmt.Errorf("the generator is wrong for seed %d: %w", s, err)
		}
		out = append(out, &Program{ID: fmt.Sprint("p", s), Seed: s, Source: src})
	}
	return out, nil
}
