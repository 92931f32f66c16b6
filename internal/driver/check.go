// SPDX-License-Identifier: BSD-3-Clause

package driver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/packages"
)

// Rewritten is a unit with the new contents of those of its files that change.
type Rewritten struct {
	*Unit
	New map[string][]byte // by absolute path
}

// Check type-checks the rewritten units with their tests, as if the new
// contents were in place. It returns, per directory, what is wrong with the
// units that do not pass. cfg.BuildFlags may name a temporary go.mod.
//
// Test files are checked although they may not have been rewritten: an import
// that was added to a file can collide with a name that only a test declares.
// Errors that the tests have without the rewrite are not held against it.
//
// The new contents are handed to the go command itself (-overlay) rather than
// to go/packages, which would distrust all export data and type-check the
// standard library from source.
func Check(ctx context.Context, cfg Config, units []*Rewritten) (map[string][]string, error) {
	if cfg.Progress != nil {
		cfg.Progress("type-checking", 0, len(units))
	}
	tmp, err := os.MkdirTemp("", "batchfix-check-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)

	c := &checker{ctx: ctx, cfg: cfg, tmp: tmp, overlay: map[string][]byte{}}
	for _, u := range units {
		c.patterns = append(c.patterns, u.Load...)
		for name, src := range u.New {
			c.overlay[name] = src
		}
	}
	slices.Sort(c.patterns)
	c.patterns = slices.Compact(c.patterns)

	after, seen, err := c.load(true)
	if err != nil {
		return nil, err
	}
	failed := map[string][]string{}
	for _, u := range units {
		for name := range u.New {
			if !seen[name] && len(after[u.Dir]) == 0 {
				failed[u.Dir] = append(failed[u.Dir], fmt.Sprintf("%s: is no longer part of its package when rewritten", name))
			}
		}
	}
	var before map[string][]string
	for dir, msgs := range after {
		if before == nil {
			if before, _, err = c.load(false); err != nil {
				return nil, err
			}
		}
		for _, m := range msgs {
			// Positions move with the rewrite: compare without them.
			if !slices.ContainsFunc(before[dir], func(b string) bool { return sansPos(b) == sansPos(m) }) {
				failed[dir] = append(failed[dir], m)
			}
		}
	}
	return failed, nil
}

type checker struct {
	ctx      context.Context
	cfg      Config
	tmp      string
	patterns []string
	overlay  map[string][]byte
}

// load type-checks the patterns and returns the errors by directory, and the
// overlaid files that were parsed.
func (c *checker) load(overlaid bool) (errs map[string][]string, seen map[string]bool, err error) {
	flags := slices.Clone(c.cfg.BuildFlags)
	seen = map[string]bool{}
	if overlaid {
		file, err := c.writeOverlay()
		if err != nil {
			return nil, nil, err
		}
		flags = append(flags, "-overlay="+file)
	}
	var mu sync.Mutex
	pkgs, err := packages.Load(&packages.Config{
		Mode:       loadMode,
		Context:    c.ctx,
		Dir:        c.cfg.Dir,
		Env:        c.cfg.Env,
		BuildFlags: flags,
		Tests:      true,
		ParseFile: func(fset *token.FileSet, name string, src []byte) (*ast.File, error) {
			if now, ok := c.overlay[name]; ok && overlaid {
				mu.Lock()
				seen[name] = true
				mu.Unlock()
				src = now
			}
			return parser.ParseFile(fset, name, src, parser.AllErrors|parser.SkipObjectResolution)
		},
	}, c.patterns...)
	if err != nil {
		return nil, nil, fmt.Errorf("type-checking the rewritten packages: %w", err)
	}
	if len(pkgs) == 0 {
		return nil, nil, errors.New(whyNone(c.ctx, c.cfg, flags, c.patterns))
	}
	errs = map[string][]string{}
	for _, p := range pkgs {
		if len(p.Errors) == 0 || p.Name == "main" && strings.HasSuffix(p.ID, ".test") {
			continue
		}
		dir := dirOf(p)
		for _, m := range errorMessages(p) {
			if !slices.Contains(errs[dir], m) {
				errs[dir] = append(errs[dir], m)
			}
		}
	}
	return errs, seen, nil
}

// writeOverlay writes the new contents and the file that tells the go command
// where they are.
func (c *checker) writeOverlay() (string, error) {
	replace := map[string]string{}
	for name, src := range c.overlay {
		tmp := filepath.Join(c.tmp, fmt.Sprintf("%d.go", len(replace)))
		if err := os.WriteFile(tmp, src, 0o600); err != nil {
			return "", err
		}
		replace[name] = tmp
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	file := filepath.Join(c.tmp, "overlay.json")
	return file, os.WriteFile(file, data, 0o600)
}

// whyNone asks the go command why it finds no packages: go/packages lets
// pass without a word what is wrong with go.mod as a whole.
func whyNone(ctx context.Context, cfg Config, flags, patterns []string) string {
	cmd := exec.CommandContext(ctx, "go", slices.Concat([]string{"list"}, flags, []string{"--"}, patterns)...)
	cmd.Dir, cmd.Env = cfg.Dir, cfg.Env
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	cmd.Run()
	said := strings.TrimSpace(strings.TrimPrefix(stderr.String(), "go: warning: "))
	if said == "" {
		return "no packages matched " + strings.Join(patterns, " ")
	}
	return said
}

// sansPos drops the file:line:column that a message begins with.
func sansPos(msg string) string {
	if i := strings.Index(msg, ": "); i >= 0 && strings.Contains(msg[:i], ":") {
		return msg[i+2:]
	}
	return msg
}
