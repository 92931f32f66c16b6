// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package traptest

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Program is one trap program: a folder with package main.
type Program struct {
	Name string // folder name
	Want string // "batch", "keep" (the obvious group must not be batched) or "any"
	Why  string // what the program is about
	// NoFaults says that failing calls would take away what makes the program
	// deterministic: goroutines that wait for each other by system calls.
	NoFaults bool
}

var (
	wantRE = regexp.MustCompile(`(?m)^// want: (batch|keep|any)$`)
	whyRE  = regexp.MustCompile(`(?m)^// why: (\S.*)$`)

	noFaultsRE = regexp.MustCompile(`(?m)^// faults: none$`)
)

// Programs reads the list of programs of a module: its folders that hold a
// main.go, by name. A main.go without its "// want:" and "// why:" lines is an error; a line
// "// faults: none" sets NoFaults.
func Programs(module string) ([]Program, error) {
	entries, err := os.ReadDir(module)
	if err != nil {
		return nil, err
	}
	var out []Program
	for _, e := range entries {
		file := filepath.Join(module, e.Name(), "main.go")
		src, err := os.ReadFile(file)
		if !e.IsDir() || os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		want, why := wantRE.FindSubmatch(src), whyRE.FindSubmatch(src)
		if want == nil || why == nil {
			return nil, fmt.Errorf("%s: add the lines \"// want: batch|keep|any\" and \"// why: ...\" above the package clause", file)
		}
		out = append(out, Program{Name: e.Name(), Want: string(want[1]), Why: string(why[1]), NoFaults: noFaultsRE.Match(src)})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: no folder with a main.go", module)
	}
	return out, nil
}

// CopyModule copies a module of programs; of the folders that are programs
// only those that keep accepts. Generators use it with a keep that accepts
// none, to get go.mod and the helper package for programs of their own.
func CopyModule(dst, src string, keep func(program string) bool) error {
	return filepath.WalkDir(src, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(src, path)
		if err != nil {
			return err
		}
		to := filepath.Join(dst, rel)
		if d.IsDir() {
			if filepath.Dir(rel) == "." && rel != "." {
				if _, err := os.Stat(filepath.Join(path, "main.go")); err == nil && !keep(rel) {
					return filepath.SkipDir
				}
			}
			return os.MkdirAll(to, 0o755)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(to, b, 0o644)
	})
}

// files reads all files under one program's folder, by path within it.
func files(dir string) (map[string]string, error) {
	m := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		m[rel] = string(b)
		return nil
	})
	return m, err
}

func sameFiles(x, y map[string]string) bool {
	if len(x) != len(y) {
		return false
	}
	for k, v := range x {
		if w, ok := y[k]; !ok || v != w {
			return false
		}
	}
	return true
}

// importsRuntime says whether some changed file imports the batch run-time library.
func importsRuntime(before, after map[string]string) bool {
	for name, src := range after {
		if strings.HasSuffix(name, ".go") && before[name] != src && strings.Contains(src, `/batchrt"`) {
			return true
		}
	}
	return false
}
