// SPDX-License-Identifier: BSD-3-Clause

package gomod

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// versions returns the version (with what replaces it) that a go.mod selects
// for every module. The go command works on copies, base.mod and base.sum.
func (e *Env) versions(ctx context.Context, m *Module, base string, gomod, gosum []byte) (map[string]string, error) {
	if err := writePair(base, gomod, gosum); err != nil {
		return nil, err
	}
	out, err := e.goCmd(ctx, m.Dir, "list", "-m", "-mod=mod", "-modfile="+base+".mod", "-json=Path,Version,Main,Replace", "all")
	if err != nil {
		return nil, err
	}
	type module struct {
		Path, Version string
		Main          bool
		Replace       *module
	}
	all := map[string]string{}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var mod module
		if err := dec.Decode(&mod); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list -m all: %w", err)
		}
		if mod.Main {
			continue
		}
		v := mod.Version
		if r := mod.Replace; r != nil {
			v = strings.TrimSpace(v + " => " + r.Path + " " + r.Version)
		}
		all[mod.Path] = v
	}
}

// changed lists the modules whose selected version differs. One that was not
// there before changes nothing for the code that is there.
func changed(before, after map[string]string) []string {
	var list []string
	for _, path := range slices.Sorted(maps.Keys(before)) {
		switch v, ok := after[path]; {
		case !ok:
			list = append(list, fmt.Sprintf("%s %s => none", path, before[path]))
		case v != before[path]:
			list = append(list, fmt.Sprintf("%s %s => %s", path, before[path], v))
		}
	}
	return list
}

// directives lists the lines other than requirements and replacements in
// which two go.mod files differ: go, toolchain, godebug.
func directives(before, after []byte) []string {
	was, is := lines(before), lines(after)
	var list []string
	for _, key := range slices.Sorted(maps.Keys(was)) {
		if is[key] != was[key] {
			list = append(list, fmt.Sprintf("%s %s => %s", key, orNone(was[key]), orNone(is[key])))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(is)) {
		if _, ok := was[key]; !ok {
			list = append(list, fmt.Sprintf("%s none => %s", key, is[key]))
		}
	}
	return list
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func lines(gomod []byte) map[string]string {
	all := map[string]string{}
	f, err := modfile.Parse("go.mod", gomod, nil)
	if err != nil {
		return all
	}
	if f.Go != nil {
		all["go"] = f.Go.Version
	}
	if f.Toolchain != nil {
		all["toolchain"] = f.Toolchain.Name
	}
	for _, g := range f.Godebug {
		all["godebug "+g.Key] = g.Value
	}
	return all
}

// writePair writes base.mod and base.sum.
func writePair(base string, gomod, gosum []byte) error {
	return errors.Join(os.WriteFile(base+".mod", gomod, 0o600), os.WriteFile(base+".sum", gosum, 0o600))
}

func readPair(base string) (gomod, gosum []byte, err error) {
	if gomod, err = os.ReadFile(base + ".mod"); err != nil {
		return nil, nil, err
	}
	gosum, err = os.ReadFile(base + ".sum")
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return gomod, gosum, err
}
