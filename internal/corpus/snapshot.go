// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// snapshot holds the Go sources of a module, go.mod and go.sum included, by
// path below the module's root.
type snapshot map[string][]byte

func take(dir string) (snapshot, error) {
	s := snapshot{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		if name := d.Name(); !strings.HasSuffix(name, ".go") && name != "go.mod" && name != "go.sum" {
			return nil
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		s[rel], err = os.ReadFile(path)
		return err
	})
	return s, err
}

// changed lists the files that differ, are new or are gone in b.
func (s snapshot) changed(b snapshot) []string {
	var list []string
	for name, data := range b {
		if old, ok := s[name]; !ok || !bytes.Equal(old, data) {
			list = append(list, name)
		}
	}
	for name := range s {
		if _, ok := b[name]; !ok {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// put writes the named files as they are in s; those that s does not have are
// removed.
func (s snapshot) put(dir string, names []string) error {
	for _, name := range names {
		path := filepath.Join(dir, name)
		data, ok := s[name]
		if !ok {
			if err := os.Remove(path); err != nil {
				return err
			}
			continue
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func isTest(name string) bool { return strings.HasSuffix(name, "_test.go") }

// packagesOf are the patterns of the directories of the Go files among names.
func packagesOf(names []string) []string {
	var list []string
	for _, n := range names {
		if strings.HasSuffix(n, ".go") {
			list = append(list, "./"+filepath.ToSlash(filepath.Dir(n)))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
