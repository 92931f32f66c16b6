// SPDX-License-Identifier: BSD-3-Clause

// Package examples rewrites copies of the programs in testdata/examples and
// compares them with the originals. Its tests compare what they do; the command
// bench below it, how long they take.
package examples

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Programs are the examples that have rounds to measure (bench.go).
var Programs = []string{"mdu", "total", "pathsearch", "lstatargv", "statxargv", "closefds", "copymeta", "patterns"}

// Scratch is a folder in which copies of the examples are rewritten. The
// repository stays as it is.
type Scratch struct {
	Dir  string
	root string // of the repository
	fix  string // the batchfix program
}

// New builds batchfix into dir, which must be empty; root is the repository's.
func New(root, dir string) (*Scratch, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	s := &Scratch{Dir: dir, root: root, fix: filepath.Join(dir, "batchfix")}
	_, err = command(root, nil, "go", "build", "-o", s.fix, "./cmd/batchfix")
	return s, err
}

// Source is the folder of the examples in the repository.
func (s *Scratch) Source() string { return filepath.Join(s.root, "testdata", "examples") }

// Copy makes a copy of the examples' module under a name and returns its folder.
func (s *Scratch) Copy(name string) (string, error) {
	dir := filepath.Join(s.Dir, name)
	return dir, os.CopyFS(dir, os.DirFS(s.Source()))
}

// Batchfix runs batchfix on a module.
func (s *Scratch) Batchfix(module string, args ...string) (string, error) {
	return s.Go(module, append([]string{s.fix, "-batchrt", filepath.Join(s.root, "batchrt")}, args...)...)
}

// Go runs a command in a copy, without the repository's workspace.
func (s *Scratch) Go(module string, args ...string) (string, error) {
	return command(module, []string{"GOWORK=off", "CGO_ENABLED=0", "PWD=" + module}, args...)
}

// Bench builds a program that compares the examples' rounds: of each as it was
// written, in the package original/NAME, and rewritten, in batched/NAME.
func (s *Scratch) Bench() (program string, err error) {
	dir, err := s.Copy("bench")
	if err != nil {
		return "", err
	}
	if err := os.CopyFS(filepath.Join(dir, "pairs"), os.DirFS(filepath.Join(s.root, "cmd", "batchbench", "pairs"))); err != nil {
		return "", err
	}
	for _, side := range []string{"original", "batched"} {
		for _, p := range Programs {
			if err := s.library(p, filepath.Join(dir, side, p)); err != nil {
				return "", err
			}
		}
	}
	if _, err := s.Batchfix(dir, "-w", "./batched/..."); err != nil {
		return "", err
	}
	program = filepath.Join(s.Dir, "bench.exe")
	_, err = s.Go(dir, "go", "build", "-tags", "bench", "-o", program, "./bench")
	return program, err
}

// library copies a program into a folder as a package that can be imported.
func (s *Scratch) library(name, to string) error {
	files, err := filepath.Glob(filepath.Join(s.Source(), name, "*.go"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("there is no example %s", name)
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		text = bytes.Replace(text, []byte("\npackage main\n"), []byte("\npackage "+name+"\n"), 1)
		if err := os.WriteFile(filepath.Join(to, filepath.Base(f)), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// command runs a command and returns what it prints.
func command(dir string, env []string, args ...string) (string, error) {
	c := exec.Command(args[0], args[1:]...)
	c.Dir, c.Env = dir, append(os.Environ(), env...)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		return out.String(), fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, errs.String())
	}
	return out.String(), nil
}
