// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of one run of go test: of each package's tests, and of all of it,
// compiling included.
const (
	testLimit = 90 * time.Second
	runLimit  = 3 * time.Minute
)

// outcome is how a test ended, and what it printed if it did not pass.
type outcome struct {
	action string // pass, fail, skip; "" if it never ended
	output string
}

func (o outcome) passed() bool { return o.action == "pass" }

func (o outcome) verb() string {
	switch o.action {
	case "":
		return "does not run to its end"
	case "skip":
		return "is skipped"
	}
	return o.action + "s"
}

// outcomes are those of all tests and subtests, by "import/path TestName", and
// of the packages, by "import/path".
type outcomes map[string]outcome

func (o outcomes) count() (pass, other int) {
	for k, v := range o {
		switch {
		case !strings.Contains(k, " "): // a package
		case v.passed():
			pass++
		default:
			other++
		}
	}
	return pass, other
}

// lost lists the tests that pass in o and not in is, without those whose
// subtests say it already.
func (o outcomes) lost(is outcomes) []string {
	var list []string
	for _, k := range sortedKeys(o) {
		if strings.Contains(k, " ") && o[k].passed() && !is[k].passed() {
			list = append(list, k)
		}
	}
	return list
}

// only leaves out the packages that are not among pkgs.
func (o outcomes) only(pkgs []string) outcomes {
	keep := outcomes{}
	for k, v := range o {
		pkg, _, _ := strings.Cut(k, " ")
		for _, p := range pkgs {
			if p == pkg {
				keep[k] = v
			}
		}
	}
	return keep
}

// goTest runs the tests of packages. With cover, the import paths of packages
// whose statements are counted, a profile is written.
func (c *corpus) goTest(ctx context.Context, m *module, pkgs, cover []string, profile string) (outcomes, error) {
	ctx, cancel := context.WithTimeout(ctx, runLimit)
	defer cancel()
	args := []string{"test", "-json", "-count=1", "-timeout=" + testLimit.String()}
	if len(cover) > 0 {
		args = append(args, "-coverpkg="+strings.Join(cover, ","))
		if profile != "" {
			args = append(args, "-coverprofile="+profile)
		}
	}
	tmp, err := os.MkdirTemp("", "corpus-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	cmd := exec.CommandContext(ctx, "go", append(args, pkgs...)...)
	cmd.Dir, cmd.Env = m.copy, environ(m.copy, append(m.env(), "TMPDIR="+tmp)...)
	if err := isolate(cmd); err != nil {
		return nil, err
	}
	cmd.WaitDelay = 10 * time.Second
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		return nil, fmt.Errorf("go test: %w", err)
	}
	o, err := readEvents(stdout.Bytes())
	if err == nil && len(o) == 0 {
		err = fmt.Errorf("go test said nothing of any package: %s", strings.TrimSpace(stderr.String()))
	}
	return o, err
}

// readEvents reads what go test -json prints.
func readEvents(data []byte) (outcomes, error) {
	o := outcomes{}
	output := map[string]*strings.Builder{}
	s := bufio.NewScanner(bytes.NewReader(data))
	s.Buffer(nil, 16<<20)
	for s.Scan() {
		var e struct{ Action, Package, Test, ImportPath, Output string }
		if len(s.Bytes()) == 0 || s.Bytes()[0] != '{' {
			continue
		}
		if err := json.Unmarshal(s.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("go test -json: %w", err)
		}
		key := e.Package
		if e.Test != "" {
			key += " " + e.Test
		}
		switch e.Action {
		case "run":
			o[key] = outcome{}
		case "output":
			if output[key] == nil {
				output[key] = &strings.Builder{}
			}
			output[key].WriteString(e.Output)
		case "pass", "fail", "skip":
			text := ""
			if b := output[key]; b != nil && e.Action == "fail" {
				text = b.String()
			}
			o[key] = outcome{action: e.Action, output: text}
		}
	}
	return o, s.Err()
}

// covered counts the batches in the named files that a coverage profile says
// have run.
func covered(profile, dir string, after snapshot, names []string) (int, error) {
	if len(names) == 0 {
		return 0, nil
	}
	data, err := os.ReadFile(profile)
	if err != nil {
		return 0, err
	}
	ran := 0
	for _, name := range names {
		f, err := parse(after[name])
		if err != nil {
			return 0, err
		}
		for _, call := range batches(f) {
			if at := f.fset.Position(call.Pos()); hasRun(string(data), filepath.ToSlash(name), at.Line, at.Column) {
				ran++
			}
		}
	}
	return ran, nil
}

// hasRun looks for a block of the file that holds the position and was
// counted: "path/file.go:10.2,12.3 2 1".
func hasRun(profile, name string, line, column int) bool {
	for l := range strings.Lines(profile) {
		file, rest, ok := strings.Cut(strings.TrimSpace(l), ".go:")
		if !ok || !strings.HasSuffix("/"+file+".go", "/"+name) {
			continue
		}
		f := strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune("., ", r) })
		if len(f) != 6 {
			continue
		}
		var n [6]int
		for i := range f {
			n[i], _ = strconv.Atoi(f[i])
		}
		from := n[0] < line || n[0] == line && n[1] <= column
		to := line < n[2] || line == n[2] && column < n[3]
		if from && to && n[5] > 0 {
			return true
		}
	}
	return false
}

func sortedKeys(o outcomes) []string { return slices.Sorted(maps.Keys(o)) }
