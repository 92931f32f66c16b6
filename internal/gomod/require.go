// SPDX-License-Identifier: BSD-3-Clause

package gomod

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/autobatch/autobatch/internal/fsutil"
)

// Requirement is what a module shall require.
type Requirement struct {
	Path    string // module path
	Version string // "" when it is not known; a commit works too. v0.0.0 with Local
	Local   string // directory of a local copy that replaces it, absolute; or ""
	Upgrade bool   // other lines and versions may change too
}

// Addition is a go.mod and go.sum with the requirement added, not in place
// yet.
type Addition struct {
	Module  *Module
	Flag    string          // -modfile=... for the go command, to work with it before it is in place
	Changes []fsutil.Change // go.sum and go.mod, in this order; those that differ
	Added   string          // the requirement, for people: "path version"
	Else    []string        // what changes besides; only with Upgrade

	tmp string
}

// Close removes the temporary files behind Flag.
func (a *Addition) Close() {
	if a != nil {
		os.RemoveAll(a.tmp)
	}
}

// RefusedError says why a requirement is not added, and what to do instead.
type RefusedError struct {
	Why      string
	Do       string   // introduces Commands; a whole sentence where there are none
	Commands []string // exact, to be run in the module's directory
}

// Error returns the reason and the commands, one on a line.
func (e *RefusedError) Error() string {
	s := e.Why
	if e.Do != "" {
		s += "\n" + e.Do
	}
	for _, c := range e.Commands {
		s += "\n\t" + c
	}
	return s
}

// Require adds the requirement to a copy of the module's go.mod and go.sum.
// The error is a *RefusedError where the module should not be changed.
func (e *Env) Require(ctx context.Context, m *Module, want Requirement) (*Addition, error) {
	if err := e.refuse(m, want); err != nil {
		return nil, err
	}
	gomod, err := os.ReadFile(m.GoMod)
	if err != nil {
		return nil, err
	}
	sumFile := filepath.Join(m.Dir, "go.sum")
	gosum, err := os.ReadFile(sumFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	tmp, err := os.MkdirTemp("", "batchfix-mod-")
	if err != nil {
		return nil, err
	}
	a := &Addition{Module: m, tmp: tmp, Flag: "-modfile=" + filepath.Join(tmp, "new.mod")}
	fail := func(err error) (*Addition, error) { a.Close(); return nil, err }

	before, err := e.versions(ctx, m, filepath.Join(tmp, "before"), gomod, gosum)
	if err != nil {
		return fail(fmt.Errorf("the module versions in use cannot be listed, so that nothing can be compared: %w", err))
	}
	newMod, newSum, err := e.add(ctx, m, want, filepath.Join(tmp, "new"), gomod, gosum)
	if err != nil {
		return fail(err)
	}
	after, err := e.versions(ctx, m, filepath.Join(tmp, "after"), newMod, newSum)
	if err != nil {
		return fail(fmt.Errorf("the module versions in use with %s cannot be listed: %w", want.Path, err))
	}
	a.Else = append(directives(gomod, newMod), changed(before, after)...)
	if len(a.Else) > 0 && !want.Upgrade {
		return fail(&RefusedError{
			Why: fmt.Sprintf("requiring %s %s would change more of %s than that:\n\t%s",
				want.Path, want.Version, m.GoMod, strings.Join(a.Else, "\n\t")),
			Do:       "A raised go line can change what the program does, and other versions are other code. To make these changes too, add -upgrade, or make them first:",
			Commands: want.commands(m),
		})
	}
	a.Added = want.Path + " " + after[want.Path]
	if newSum != nil && string(newSum) != string(gosum) {
		a.Changes = append(a.Changes, fsutil.Change{Path: sumFile, Old: gosum, New: newSum})
	}
	a.Changes = append(a.Changes, fsutil.Change{Path: m.GoMod, Old: gomod, New: newMod})
	return a, nil
}

// refuse finds the situations in which go.mod cannot be changed in one step
// with the sources.
func (e *Env) refuse(m *Module, want Requirement) error {
	switch {
	case want.Version == "":
		return &RefusedError{
			Why:      fmt.Sprintf("%s does not require %s, and this batchfix was not built from a released version, so that it does not know which one fits", m.GoMod, want.Path),
			Do:       "Name a local copy with -batchrt DIR, or add the requirement first:",
			Commands: []string{"go get " + want.Path + "@latest"},
		}
	case e.GoWork != "":
		return &RefusedError{
			Why:      fmt.Sprintf("%s is in force, and %s does not require %s: which versions a workspace selects is decided by all its modules", e.GoWork, m.GoMod, want.Path),
			Do:       "Add the requirement yourself, then run batchfix again:",
			Commands: append([]string{"cd " + m.Dir}, prefix("GOWORK=off ", want.commands(m))...),
		}
	case e.Vendor != "":
		return &RefusedError{
			Why:      fmt.Sprintf("the module's dependencies are vendored in %s, where %s is missing", e.Vendor, want.Path),
			Do:       "Rewrite without the vendor directory, then bring it up to date:",
			Commands: []string{"GOFLAGS=-mod=mod batchfix -w" + want.flags(m) + " ./...", "go mod vendor"},
		}
	}
	for _, name := range []string{m.GoMod, filepath.Join(m.Dir, "go.sum")} {
		if err := fsutil.Writable(name); err != nil {
			return &RefusedError{
				Why:      fmt.Sprintf("%s must be required by %s, but %v", want.Path, m.GoMod, err),
				Do:       "Make it writable, or add the requirement yourself, then run batchfix again:",
				Commands: want.commands(m),
			}
		}
	}
	return nil
}

// add writes base.mod and base.sum with the requirement and lets the go
// command complete them.
func (e *Env) add(ctx context.Context, m *Module, want Requirement, base string, gomod, gosum []byte) (newMod, newSum []byte, err error) {
	f, err := modfile.Parse(m.GoMod, gomod, nil)
	if err != nil {
		return nil, nil, err
	}
	version := want.Version
	if want.Local != "" {
		if err := f.AddReplace(want.Path, "", m.relative(want.Local), ""); err != nil {
			return nil, nil, err
		}
	} else if !strings.HasPrefix(version, "v") { // a commit
		if err := writePair(base, gomod, gosum); err != nil {
			return nil, nil, err
		}
		out, err := e.goCmd(ctx, m.Dir, "list", "-m", "-mod=mod", "-modfile="+base+".mod", "-f", "{{.Version}}", want.Path+"@"+version)
		if err != nil {
			return nil, nil, err
		}
		version = strings.TrimSpace(string(out))
	}
	line := &modfile.Require{Mod: module.Version{Path: want.Path, Version: version}}
	f.SetRequireSeparateIndirect(append(f.Require, line))
	f.SortBlocks()
	f.Cleanup()
	data, err := f.Format()
	if err != nil {
		return nil, nil, err
	}
	if err := writePair(base, data, gosum); err != nil {
		return nil, nil, err
	}
	// go get completes both files: sums, and requirements of the requirement
	// that were not there before.
	if _, err := e.goCmd(ctx, m.Dir, "get", "-modfile="+base+".mod", want.Path+"@"+version); err != nil {
		return nil, nil, &RefusedError{
			Why:      fmt.Sprintf("requiring %s %s does not work: %v", want.Path, version, err),
			Do:       "Once this does, run batchfix again:",
			Commands: want.commands(m),
		}
	}
	return readPair(base)
}

// commands returns what adds the requirement by hand.
func (want Requirement) commands(m *Module) []string {
	if want.Local == "" {
		return []string{"go get " + want.Path + "@" + want.Version}
	}
	return []string{
		fmt.Sprintf("go mod edit -replace=%s=%s", want.Path, m.relative(want.Local)),
		fmt.Sprintf("go get %s@%s", want.Path, want.Version),
	}
}

// flags returns the flags of batchfix that mean the same requirement.
func (want Requirement) flags(m *Module) string {
	s := ""
	if want.Local != "" {
		s += " -batchrt " + m.relative(want.Local)
	}
	if want.Upgrade {
		s += " -upgrade"
	}
	return s
}

// relative returns the directory as a replace line should name it: relative
// when it lies in the same tree as the module, so that the line holds wherever
// the tree is; absolute otherwise.
func (m *Module) relative(dir string) string {
	rel, err := filepath.Rel(m.Dir, dir)
	if err != nil || strings.HasPrefix(rel, filepath.Join("..", "..", "..")) {
		return dir
	}
	if !strings.HasPrefix(rel, "..") {
		rel = "." + string(filepath.Separator) + rel
	}
	return filepath.ToSlash(rel)
}

func prefix(p string, list []string) []string {
	var out []string
	for _, s := range list {
		out = append(out, p+s)
	}
	return out
}
