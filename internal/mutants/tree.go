// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// tree is a copy of the repository that faults are seeded in.
type tree struct{ dir string }

// parts are what the tool and its inputs are made of.
var parts = []string{"go.mod", "go.sum", "go.work", "go.work.sum", "analyzer", "rewrite", "plan", "internal", "cmd/batchfix", "batchrt", "testdata/mutants/programs"}

// inputs are the modules that the faulty tool rewrites.
var inputs = []string{"testdata/mutants/programs", "analyzer/testdata"}

func (t *tree) copyFrom(root string) error {
	for _, p := range parts {
		err := filepath.WalkDir(filepath.Join(root, p), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !d.Type().IsRegular() {
				return err
			}
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			to := filepath.Join(t.dir, rel)
			if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
				return err
			}
			return os.WriteFile(to, data, 0o644)
		})
		if err != nil && !(errors.Is(err, fs.ErrNotExist) && p == "go.work.sum") {
			return err
		}
	}
	return nil
}

// mutant seeds one fault, and returns what noticed it, or "".
func (t *tree) mutant(file string, was map[string]bool) (killer string, err error) {
	patch, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	restore, err := t.apply(string(patch))
	defer restore()
	if err != nil {
		return "", err
	}
	if err := t.build(); err != nil {
		return "", err
	}
	compiled := ""
	for _, in := range inputs {
		now, err := t.refusals(in)
		var crash *crashError
		if errors.As(err, &crash) {
			return "a crash: " + crash.line, nil
		} else if err != nil {
			return "", err
		}
		proven := ""
		for line := range now {
			switch {
			case was[line]:
			case strings.Contains(line, "could not be proven equal"):
				proven = min(orMax(proven), line)
			default:
				compiled = min(orMax(compiled), line)
			}
		}
		if proven != "" {
			return "verify: " + proven, nil
		}
	}
	if compiled != "" {
		return "the type-checker: " + strings.ReplaceAll(compiled, t.dir+"/", ""), nil
	}
	return t.tests()
}

// orMax makes "" the greatest string, so that min finds the first line.
func orMax(s string) string {
	if s == "" {
		return "\U0010ffff"
	}
	return s
}

type crashError struct{ line string }

func (e *crashError) Error() string { return "the tool crashed: " + e.line }

// build builds the tool.
func (t *tree) build() error {
	if out, err := t.command(t.dir, "go", "build", "-o", t.tool(), "./cmd/batchfix").CombinedOutput(); err != nil {
		return fmt.Errorf("the tool does not build: %w\n%s", err, out)
	}
	return nil
}

func (t *tree) tool() string { return filepath.Join(t.dir, "batchfix.exe") }

// refusals runs the tool over an input, and returns its remarks on batches
// that it made and took back again.
func (t *tree) refusals(in string) (map[string]bool, error) {
	packages, err := packages(filepath.Join(t.dir, in))
	if err != nil {
		return nil, err
	}
	cmd := t.command(filepath.Join(t.dir, in), t.tool(), append([]string{"-explain"}, packages...)...)
	cmd.Env = append(cmd.Env, "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if i := strings.Index(string(out), "panicked:"); i >= 0 { // batchfix says where
		line, _, _ := strings.Cut(string(out[i:]), "\n")
		return nil, &crashError{line}
	}
	if err != nil {
		return nil, fmt.Errorf("batchfix -explain in %s: %w\n%s", in, err, out)
	}
	found := map[string]bool{}
	batches := 0
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSpace(line)
		if strings.HasSuffix(line, "[verify]") {
			found[line] = true
		}
		if strings.Contains(line, "can share one crossing") {
			batches++
		}
	}
	if batches+len(found) == 0 {
		return nil, fmt.Errorf("batchfix -explain in %s finds nothing to batch:\n%s", in, out)
	}
	return found, nil
}

// packages are patterns for all packages of a module but those whose directives
// batchfix complains about, which is what they are there for.
func packages(dir string) ([]string, error) {
	list, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var patterns []string
	for _, e := range list {
		switch {
		case e.IsDir() && e.Name() != "directive":
			patterns = append(patterns, "./"+e.Name()+"/...")
		case filepath.Ext(e.Name()) == ".go":
			patterns = append(patterns, ".")
		}
	}
	slices.Sort(patterns)
	return slices.Compact(patterns), nil
}

var failed = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

// tests runs the planner's own tests, and returns the first that fails.
func (t *tree) tests() (killer string, err error) {
	out, err := t.command(t.dir, "go", "test", "-run", "^(TestGoldens|TestReasons)$", "./analyzer").CombinedOutput()
	if err == nil {
		return "", nil
	}
	m := failed.FindAllStringSubmatch(string(out), -1)
	if m == nil {
		return "", fmt.Errorf("go test ./analyzer: %w\n%s", err, out)
	}
	return "a test: " + m[len(m)-1][1], nil
}

func (t *tree) command(dir, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PWD="+dir)
	return cmd
}
