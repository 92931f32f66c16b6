// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"
)

// sysPath and sysVersion are the module whose version matters and the lowest
// one that batchrt can be used with. A test holds it against batchrt/go.mod.
const (
	sysPath    = "golang.org/x/sys"
	sysVersion = "v0.33.0"
)

// module is one of the corpus.
type module struct {
	*entry
	cache string // its directory in the module cache
	copy  string // the copy that is worked on
}

// fetch downloads the modules that testdata/corpus/go.mod requires directly.
// Largest first, so that no processor is idle at the end.
func (c *corpus) fetch(ctx context.Context, only []string) ([]*module, error) {
	dir := filepath.Join(c.root, "testdata", "corpus")
	paths, err := pinned(filepath.Join(dir, "go.mod"))
	if err != nil {
		return nil, err
	}
	list, err := readSites(c.root)
	if err != nil {
		return nil, err
	}
	if len(only) > 0 {
		paths = slices.DeleteFunc(paths, func(p string) bool {
			return !slices.ContainsFunc(only, func(o string) bool { return strings.Contains(p, o) })
		})
		if len(paths) == 0 {
			return nil, fmt.Errorf("no module's path contains %s", strings.Join(only, " or "))
		}
	}
	out, err := c.stdout(ctx, dir, nil, append([]string{"go", "mod", "download", "-json"}, paths...)...)
	var modules []*module
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var m struct{ Path, Version, Dir, Error string }
		if e := dec.Decode(&m); e == io.EOF {
			break
		} else if e != nil {
			return nil, errors.Join(err, fmt.Errorf("go mod download: %w", e))
		}
		if m.Error != "" {
			return nil, fmt.Errorf("fetching %s: %s", m.Path, m.Error)
		}
		e := find(list, m.Path)
		switch {
		case e == nil:
			return nil, fmt.Errorf("%s is pinned, and %s says nothing of it", m.Path, siteFile)
		case e.Version != m.Version:
			return nil, fmt.Errorf("%s is pinned at %s, and the lines in %s are those of %s", m.Path, m.Version, siteFile, e.Version)
		}
		name := strings.ReplaceAll(strings.TrimPrefix(m.Path, "github.com/"), "/", "_")
		modules = append(modules, &module{entry: e, cache: m.Dir, copy: filepath.Join(c.work, name)})
	}
	if err != nil {
		return nil, fmt.Errorf("fetching the modules: %w", err)
	}
	size := map[*module]int{}
	for _, m := range modules {
		err := filepath.WalkDir(m.cache, func(string, fs.DirEntry, error) error { size[m]++; return nil })
		if err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(modules, func(a, b *module) int { return size[b] - size[a] })
	return modules, nil
}

// pinned lists the modules that a go.mod requires directly.
func pinned(gomod string) ([]string, error) {
	data, err := os.ReadFile(gomod)
	if err != nil {
		return nil, err
	}
	f, err := modfile.Parse(gomod, data, nil)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, r := range f.Require {
		if !r.Indirect {
			paths = append(paths, r.Mod.Path)
		}
	}
	return paths, nil
}

// copyOut makes the writable copy. A vendor directory stays behind: a
// module's zip has at most its list, without the sources.
func (m *module) copyOut() error {
	return filepath.WalkDir(m.cache, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(m.cache, path)
		if err != nil {
			return err
		}
		to := filepath.Join(m.copy, rel)
		switch {
		case rel == "vendor":
			return filepath.SkipDir
		case d.IsDir():
			return os.MkdirAll(to, 0o755)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(to, data, 0o644)
	})
}

// raise brings the copy's x/sys up to sysVersion. It returns the version that
// was selected before if that was older.
func (c *corpus) raise(ctx context.Context, m *module) (was string, err error) {
	out, err := c.stdout(ctx, m.copy, m.env(), "go", "list", "-m", "-mod=mod", "-f", "{{.Version}}", sysPath)
	if err != nil {
		return "", fmt.Errorf("which x/sys is selected: %w", err)
	}
	was = strings.TrimSpace(string(out))
	if semver.Compare(was, sysVersion) >= 0 {
		return "", nil
	}
	if out, err := c.command(ctx, m.copy, m.env(), "go", "get", sysPath+"@"+sysVersion); err != nil {
		return "", fmt.Errorf("raising x/sys: %w\n%s", err, out)
	}
	return was, nil
}

// env is what the environment has more for this module.
func (m *module) env() []string {
	if m.NoCgo {
		return []string{"CGO_ENABLED=0"}
	}
	return nil
}
