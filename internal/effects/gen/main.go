// SPDX-License-Identifier: BSD-3-Clause

// Command gen writes internal/effects/table_gen.go, elsewhere_gen.go and
// docs/syscalls.md from the sources of x/sys/unix, of package syscall and of overlay.txt.
//
//	go generate ./internal/effects          write
//	go run ./internal/effects/gen -check    exit 1 when a file is not current
//
// It reads the wrappers symbolically (read.go), so that a call number, a
// register or a constant is never copied by hand; overlay.txt says what no
// source says. A function that neither explains is an error that names it.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/autobatch/autobatch/internal/effects"
)

func main() {
	check := flag.Bool("check", false, "write nothing; exit 1 when a generated file differs")
	verbose := flag.Bool("v", false, "print on stderr what x/sys "+newerSys+" changes")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "usage: gen [-check] [-v]")
		os.Exit(2)
	}
	root, err := findRoot()
	if err == nil {
		err = run(root, *check, *verbose)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "effects/gen: %v\n", err)
		os.Exit(1)
	}
}

// findRoot walks up to the directory that holds both modules.
func findRoot() (string, error) {
	dir, err := os.Getwd()
	for err == nil {
		if _, e := os.Stat(filepath.Join(dir, "batchrt", "go.mod")); e == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("run me inside the repository: no directory above holds batchrt/go.mod")
		}
		dir = up
	}
	return "", err
}

func run(root string, check, verbose bool) error {
	m, err := newMaker(root)
	if err != nil {
		return err
	}
	rows := m.rows()
	if len(m.problems) > 0 {
		return fmt.Errorf("nothing written:\n\t%s", strings.Join(m.problems, "\n\t"))
	}
	if verbose {
		for _, r := range rows {
			if r.drift != "" {
				fmt.Fprintf(os.Stderr, "%s: in x/sys %s it %s\n", r.Name, m.newV, r.drift)
			}
		}
	}
	table, err := m.table(rows)
	if err != nil {
		return err
	}
	elsewhere, err := m.elsewhere()
	if err != nil {
		return err
	}
	for _, out := range []struct {
		name string
		text []byte
	}{
		{filepath.Join(root, "internal", "effects", "elsewhere_gen.go"), elsewhere},
		{filepath.Join(root, "internal", "effects", "table_gen.go"), table},
		{filepath.Join(root, "docs", "syscalls.md"), m.page(rows)},
	} {
		old, err := os.ReadFile(out.name)
		if err == nil && bytes.Equal(old, out.text) {
			continue
		}
		if check {
			return fmt.Errorf("%s is not current (checked with %s): run go generate ./internal/effects and commit the result", out.name, goVersion())
		}
		if err := os.WriteFile(out.name, out.text, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// newMaker locates and opens the three sources and the overlay.
func newMaker(root string) (*maker, error) {
	oldV, err := requiredSys(root)
	if err != nil {
		return nil, err
	}
	m := &maker{oldV: oldV, newV: newerSys, prints: map[*view]*effects.Index{}}
	for _, x := range []struct {
		v string
		s **source
	}{{oldV, &m.old}, {newerSys, &m.newer}} {
		dir, err := moduleDir(sysModule, x.v)
		if err != nil {
			return nil, err
		}
		if *x.s, err = newSource(filepath.Join(dir, "unix"), sysModule+"/unix"); err != nil {
			return nil, err
		}
	}
	goroot, err := goEnv("GOROOT")
	if err != nil {
		return nil, err
	}
	if m.std, err = newSource(filepath.Join(goroot, "src", "syscall"), "syscall"); err != nil {
		return nil, err
	}
	if m.ports, err = ports(m.old.dir); err != nil {
		return nil, err
	}
	name := filepath.Join(root, "internal", "effects", "overlay.txt")
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	if m.overlay, err = parseOverlay("overlay.txt", string(text)); err != nil {
		return nil, err
	}
	m.demand()
	return m, nil
}

// demand tells the sources what the overlay demands of arguments.
func (m *maker) demand() {
	all := map[string][]given{}
	for n, e := range m.overlay.exact {
		if len(e.given) > 0 {
			all[strings.TrimPrefix(n, ownPrefix)] = e.given
		}
	}
	m.old.given, m.newer.given, m.std.given = all, all, all
}
