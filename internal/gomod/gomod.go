// SPDX-License-Identifier: BSD-3-Clause

// Package gomod knows the modules that the go command works on in a
// directory, and adds a requirement to one of them where that changes nothing
// else.
package gomod

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// Env is what the go command sees from a directory.
type Env struct {
	Dir     string    // the directory, absolute
	Environ []string  // for the go command; nil means os.Environ()
	Modules []*Module // the main module, or all modules of the workspace
	GoWork  string    // path of the go.work in force, or ""
	Vendor  string    // vendor directory in force, or ""

	mod string // value of -mod in GOFLAGS
}

// Module is a main module.
type Module struct {
	Path  string
	Dir   string // its root, absolute
	GoMod string // its go.mod, absolute
}

// ErrNoModule is returned by Open outside of any module.
var ErrNoModule = errors.New("not in a module: change to one (or -C dir), or make one with go mod init")

// Open asks the go command where it is.
func Open(ctx context.Context, dir string, environ []string) (*Env, error) {
	e := &Env{Dir: dir, Environ: environ}
	out, err := e.goCmd(ctx, dir, "env", "-json", "GOMOD", "GOWORK", "GOFLAGS")
	if err != nil {
		return nil, err
	}
	var vars struct{ GOMOD, GOWORK, GOFLAGS string }
	if err := json.Unmarshal(out, &vars); err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	if vars.GOWORK != "off" {
		e.GoWork = vars.GOWORK
	}
	if e.GoWork == "" && (vars.GOMOD == "" || vars.GOMOD == os.DevNull || vars.GOMOD == "NUL") {
		return nil, ErrNoModule
	}
	for _, f := range strings.Fields(vars.GOFLAGS) {
		f = strings.TrimLeft(f, "-")
		if v, ok := strings.CutPrefix(f, "mod="); ok {
			e.mod = v
		}
		if strings.HasPrefix(f, "modfile=") {
			// Nor can go/packages: it asks the go command things outside of any module.
			return nil, fmt.Errorf("GOFLAGS names another go.mod (%s), which cannot be worked with: unset it", f)
		}
	}
	out, err = e.goCmd(ctx, dir, "list", "-m", "-mod=readonly", "-json=Path,Dir,GoMod,Main")
	if err != nil {
		return nil, err
	}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		m := &Module{}
		if err := dec.Decode(m); err == io.EOF {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list -m: %w", err)
		}
		m.GoMod = filepath.Join(m.Dir, "go.mod") // with -modfile the go command names the other one
		e.Modules = append(e.Modules, m)
	}
	e.Vendor = e.vendorDir()
	return e, nil
}

// vendorDir returns the vendor directory that the go command uses, as its own
// rule is: -mod=vendor, or no -mod flag and a vendor directory that it made.
func (e *Env) vendorDir() string {
	root := filepath.Dir(e.GoWork)
	if e.GoWork == "" {
		if len(e.Modules) == 0 {
			return ""
		}
		root = e.Modules[0].Dir
	}
	dir := filepath.Join(root, "vendor")
	switch e.mod {
	case "vendor":
		return dir
	case "":
		if _, err := os.Stat(filepath.Join(dir, "modules.txt")); err == nil {
			return dir
		}
	}
	return ""
}

// BuildFlags returns the flags with which the go command reads the modules
// and never writes to them, whatever GOFLAGS says. Where it does not write of
// its own accord there are none: its messages are better then.
func (e *Env) BuildFlags() []string {
	if e.mod == "mod" {
		return []string{"-mod=readonly"}
	}
	return nil
}

// Owner returns the main module that the file belongs to: the one whose
// go.mod is the nearest above it. It is nil for files of other modules and of
// the standard library.
func (e *Env) Owner(file string) *Module {
	for dir := filepath.Dir(file); ; dir = filepath.Dir(dir) {
		gomod := filepath.Join(dir, "go.mod")
		if i := slices.IndexFunc(e.Modules, func(m *Module) bool { return m.GoMod == gomod }); i >= 0 {
			return e.Modules[i]
		}
		if _, err := os.Stat(gomod); err == nil || dir == filepath.Dir(dir) {
			return nil
		}
	}
}

// Requires reports whether the module's go.mod requires the module path, and
// in which version.
func (m *Module) Requires(path string) (version string, ok bool, err error) {
	data, err := os.ReadFile(m.GoMod)
	if err != nil {
		return "", false, err
	}
	f, err := modfile.Parse(m.GoMod, data, nil)
	if err != nil {
		return "", false, err
	}
	for _, r := range f.Require {
		if r.Mod.Path == path {
			return r.Mod.Version, true, nil
		}
	}
	return "", false, nil
}

// Has reports whether the module's sources may import packages of the module
// path: its go.mod requires it, and where dependencies are vendored it is
// among them. (In a workspace another module's requirement does not count: the
// module would no longer build alone.)
func (e *Env) Has(m *Module, path string) (bool, error) {
	_, ok, err := m.Requires(path)
	if !ok || err != nil || e.Vendor == "" {
		return ok, err
	}
	_, err = os.Stat(filepath.Join(e.Vendor, filepath.FromSlash(path)))
	return err == nil, nil
}

// goCmd runs the go command in dir and returns its standard output. The error
// holds what it said.
func (e *Env) goCmd(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	environ := e.Environ
	if environ == nil {
		environ = os.Environ()
	}
	cmd.Env = append(slices.Clip(environ), "PWD="+dir)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if msg := strings.TrimSpace(stderr.String()); msg != "" {
			return nil, fmt.Errorf("go %s: %s", args[0], msg)
		}
		return nil, fmt.Errorf("go %s: %w", args[0], err)
	}
	return stdout.Bytes(), nil
}
