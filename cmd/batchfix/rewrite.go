// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/autobatch/autobatch/internal/driver"
	"github.com/autobatch/autobatch/internal/fsutil"
	"github.com/autobatch/autobatch/internal/gomod"
	"github.com/autobatch/autobatch/rewrite"
)

// beforeWrite lets tests interfere between checking and writing.
var beforeWrite = func() {}

// rewrite does what -w, -d and -l ask for: rewrites in memory, adds the
// requirement to a copy of go.mod where it is missing, type-checks, and only
// then writes, prints or lists.
func (c *command) rewrite(prog *driver.Program) {
	units := c.apply(prog)
	if len(units) == 0 {
		return
	}
	units, add, blocked := c.require(units)
	defer add.Close()
	if add != nil && len(add.Else) > 0 {
		// Another language version or another x/sys: what was proven may no
		// longer hold.
		prog, err := c.load(add.Flag)
		if err != nil {
			c.complain("with the versions that -upgrade brings: %v", err)
			return
		}
		units = c.apply(prog)
	}
	flag := ""
	if add != nil {
		flag = add.Flag
	}
	checked := c.typeCheck(units, flag)
	if c.ctx.Err() != nil {
		c.complain("interrupted; nothing was written")
		return
	}
	if !c.write {
		checked = append(checked, blocked...)
	}
	slices.SortFunc(checked, func(a, b *driver.Rewritten) int { return strings.Compare(a.Dir, b.Dir) })
	c.finish(checked, add)
}

// finish writes, prints or lists what passed.
func (c *command) finish(units []*driver.Rewritten, add *gomod.Addition) {
	var changes []fsutil.Change
	regions := 0
	for _, u := range units {
		for _, f := range u.Files {
			if out := u.New[f.Path]; out != nil {
				changes = append(changes, fsutil.Change{Path: f.Path, Old: f.Src, New: out})
				regions += len(f.Regions)
			}
		}
	}
	files := len(changes)
	if files == 0 {
		return
	}
	if add != nil {
		// First: the sources need them, they do not need the sources.
		changes = append(slices.Clone(add.Changes), changes...)
	}
	c.progress.clear()
	switch {
	case c.list:
		for _, ch := range changes {
			fmt.Fprintln(c.stdout, c.rel(ch.Path))
		}
	case c.diff:
		for _, ch := range changes {
			name := c.rel(ch.Path)
			c.stdout.Write(diff.Diff("a/"+name, ch.Old, "b/"+name, ch.New))
		}
	default:
		beforeWrite()
		if err := fsutil.Commit(changes); err != nil {
			c.complain("nothing was written: %v", err)
			return
		}
		c.note("rewrote %s in %s", count(regions, "group"), count(files, "file"))
		if add != nil {
			c.note("%s now requires %s", c.rel(add.Module.GoMod), add.Added)
			for _, e := range add.Else {
				c.note("and changed: %s", e)
			}
		}
	}
}

// apply makes the edits in memory and returns the units that change. Units
// that must not be written are left out and reported.
func (c *command) apply(prog *driver.Program) []*driver.Rewritten {
	var units []*driver.Rewritten
	for _, u := range prog.Units {
		r := &driver.Rewritten{Unit: u, New: map[string][]byte{}}
		var errs []error
		for _, f := range u.Files {
			if len(f.Edits) == 0 {
				continue
			}
			out, err := rewrite.Apply(f.Src, f.Edits)
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w (please report this)", c.rel(f.Path), err))
				continue
			}
			if c.write {
				errs = append(errs, fsutil.Writable(f.Path))
			}
			r.New[f.Path] = out
		}
		if len(r.New) == 0 && errors.Join(errs...) == nil {
			continue
		}
		if why := c.foreign(u); why != "" {
			c.note("%s could be batched, but %s; it is left as it is", u.Path, why)
			continue
		}
		if real, err := filepath.EvalSymlinks(u.Dir); c.write && (err != nil || real != u.Dir) {
			errs = append(errs, err, fmt.Errorf("%s is reached through a symbolic link, which is not written through: name %s", c.rel(u.Dir), real))
		}
		if err := errors.Join(errs...); err != nil {
			c.complain("%s is left as it is:\n\t%s", u.Path, c.short([]string{err.Error()}))
			continue
		}
		units = append(units, r)
	}
	return units
}

// foreign says why a unit is not ours to rewrite, or nothing.
func (c *command) foreign(u *driver.Unit) string {
	m := c.env.Owner(u.Files[0].Path)
	switch {
	case m == nil:
		return "it is not in the main module"
	case m.Path == runtimePath || m.Path == "golang.org/x/sys":
		return "batchrt is made of it"
	}
	return ""
}

// require sees to it that every unit's module requires batchrt. It returns the
// units that can go on, the requirement that has to be added for them, and the
// units whose module must stay as it is.
func (c *command) require(units []*driver.Rewritten) (ready []*driver.Rewritten, add *gomod.Addition, blocked []*driver.Rewritten) {
	byModule := map[*gomod.Module][]*driver.Rewritten{}
	for _, u := range units {
		m := c.env.Owner(u.Files[0].Path)
		byModule[m] = append(byModule[m], u)
	}
	modules := slices.SortedFunc(maps.Keys(byModule), func(a, b *gomod.Module) int { return strings.Compare(a.Dir, b.Dir) })
	for _, m := range modules {
		has, err := c.env.Has(m, runtimePath)
		if err == nil && !has {
			// Without a workspace there is one main module, and in a workspace
			// nothing is added, so that there is never more than one addition.
			add, err = c.env.Require(c.ctx, m, c.requirement())
		} else if has && c.batchrt != "" {
			c.note("%s requires batchrt already: -batchrt changes nothing", c.rel(m.GoMod))
		}
		switch refused := (*gomod.RefusedError)(nil); {
		case err == nil:
			ready = append(ready, byModule[m]...)
		case errors.As(err, &refused) && !c.write:
			// Nothing is to be written: show it all the same.
			c.note("not type-checked, and -w would write nothing: %v", err)
			blocked = append(blocked, byModule[m]...)
		default:
			c.complain("nothing was written in module %s: %v", m.Path, err)
		}
	}
	return ready, add, blocked
}

func (c *command) requirement() gomod.Requirement {
	r := gomod.Requirement{Path: runtimePath, Version: runtimeVersion(), Upgrade: c.upgrade}
	if c.batchrt != "" {
		r.Local, r.Version = c.batchrt, "v0.0.0"
	}
	return r
}

// typeCheck returns the units that still type-check when rewritten and
// reports the others. What is left is checked again without them, until all
// that is left passes.
func (c *command) typeCheck(units []*driver.Rewritten, modfile string) []*driver.Rewritten {
	for len(units) > 0 {
		failed, err := driver.Check(c.ctx, c.config(modfile), units)
		if err != nil {
			c.complain("nothing was written: %v", err)
			return nil
		}
		var passed []*driver.Rewritten
		for _, u := range units {
			msgs := failed[u.Dir]
			if msgs == nil {
				passed = append(passed, u)
				continue
			}
			text := c.short(msgs)
			if strings.Contains(text, "undefined: batchrt.") {
				text += "\n\tThe module requires a batchrt that is too old for this batchfix: go get " + runtimePath + "@latest"
			}
			c.complain("%s is left as it is: it would not type-check when rewritten (please report this):\n\t%s", u.Path, text)
		}
		if len(passed) == len(units) {
			return passed
		}
		units = passed
	}
	return nil
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
