// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Every program below testdata/examples runs in the machines in three forms:
// as it is (ex.NAME.orig), as batchfix rewrites it (ex.NAME.batched), and
// rewritten with a report of batchrt's counters at its end (ex.NAME.counted).
// NAME is the package's folder with dots for slashes. A file vm.args in that
// folder has a line of arguments for each run; without it there is one run
// without arguments. Each runs in a fresh tree of files, the guest's (its
// examples.go says what is in it).

// buildExamples puts them into out.
func (h *harness) buildExamples(arch, out string) error {
	root := filepath.Join(h.module, "..")
	fix := filepath.Join(h.cache, "batchfix")
	if _, err := commandIn(root, nil, "go", "build", "-o", fix, "./cmd/batchfix"); err != nil {
		return err
	}
	work := filepath.Join(h.cache, "examples", arch)
	if err := os.RemoveAll(work); err != nil {
		return err
	}
	for _, side := range []string{"orig", "batched"} {
		if err := os.CopyFS(filepath.Join(work, side), os.DirFS(filepath.Join(root, "testdata", "examples"))); err != nil {
			return err
		}
	}
	modules, err := goModules(filepath.Join(work, "orig"))
	if err != nil {
		return err
	}
	b := &exampleBuild{env: guestEnv(arch), out: out, work: work}
	for _, m := range modules {
		if err := b.module(m, fix, filepath.Join(root, "batchrt")); err != nil {
			return err
		}
	}
	if b.programs == 0 {
		return fmt.Errorf("no example programs in %s", filepath.Join(root, "testdata", "examples"))
	}
	// The demo's own measurement of one of them.
	demo := filepath.Join(work, "demo")
	if _, err := commandIn(root, nil, "go", "run", "./internal/demo", "-o", demo, "-arch", arch); err != nil {
		return err
	}
	return os.Rename(filepath.Join(demo, "compare"), filepath.Join(out, "demo.compare"))
}

// guestEnv is the environment in which Go builds for the guest.
func guestEnv(arch string) []string {
	return []string{"GOWORK=off", "CGO_ENABLED=0", "GOOS=linux", "GOARCH=" + arch, "GOFLAGS=-buildvcs=false"}
}

// goModules lists the folders below root that have a go.mod, relative to it.
func goModules(root string) ([]string, error) {
	var dirs []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == "go.mod" {
			rel, _ := filepath.Rel(root, filepath.Dir(path))
			dirs = append(dirs, rel)
		}
		return err
	})
	return dirs, err
}

// exampleBuild builds the programs of some modules.
type exampleBuild struct {
	env       []string
	out, work string
	programs  int
}

// module builds all programs of the module in folder rel of the copies.
func (b *exampleBuild) module(rel, fix, batchrt string) error {
	orig, batched := filepath.Join(b.work, "orig", rel), filepath.Join(b.work, "batched", rel)
	list, err := commandIn(orig, b.env, "go", "list", "-f", "{{.Name}} {{.ImportPath}} {{.Dir}}", "./...")
	if err != nil {
		return err
	}
	var mains [][2]string // import path, name
	for _, l := range strings.Split(strings.TrimSpace(list), "\n") {
		f := strings.SplitN(l, " ", 3)
		if len(f) != 3 || f[0] != "main" {
			continue
		}
		folder, err := filepath.Rel(filepath.Join(b.work, "orig"), f[2])
		if err != nil {
			return err
		}
		name := strings.ReplaceAll(folder, string(filepath.Separator), ".")
		mains = append(mains, [2]string{f[1], name})
		if args, err := os.ReadFile(filepath.Join(f[2], "vm.args")); err == nil {
			if err := os.WriteFile(filepath.Join(b.out, "ex."+name+".args"), args, 0o644); err != nil {
				return err
			}
		}
	}
	if len(mains) == 0 {
		return nil
	}
	// batchfix loads packages for the machine it rewrites for.
	if _, err := commandIn(batched, b.env, fix, "-batchrt", batchrt, "-w", "./..."); err != nil {
		return err
	}
	var counted [][2]string
	for _, m := range mains {
		b.programs++
		if err := b.build(orig, m, "orig"); err != nil {
			return err
		}
		if err := b.build(batched, m, "batched"); err != nil {
			return err
		}
		deps, err := commandIn(batched, b.env, "go", "list", "-deps", m[0])
		if err != nil {
			return err
		}
		if strings.Contains(deps, "/batchrt\n") {
			counted = append(counted, m)
		}
	}
	if counted == nil {
		return nil
	}
	if err := addReport(batched); err != nil {
		return err
	}
	for _, m := range counted {
		if err := b.build(batched, m, "counted"); err != nil {
			return err
		}
	}
	return nil
}

func (b *exampleBuild) build(dir string, m [2]string, form string) error {
	_, err := commandIn(dir, b.env, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", filepath.Join(b.out, "ex."+m[1]+"."+form), m[0])
	return err
}

// reportPackage counts from Begin on and writes what it has counted into the
// file that the environment names.
const reportPackage = `package vmreport

import (
	"fmt"
	"os"

	"github.com/autobatch/autobatch/batchrt"
)

func Begin() { batchrt.Counters() }

func End() {
	c := batchrt.Counters()
	os.WriteFile(os.Getenv("VM_REPORT"), []byte(fmt.Sprintln(batchrt.Executor(), c.Batches, c.Entries, c.Fallbacks, c.Saved)), 0o666)
}

func Exit(code int) {
	End()
	os.Exit(code)
}
`

const reportMain = `package main

import %q

func main() {
	vmreport.Begin()
	defer vmreport.End()
	vmMain()
}
`

// addReport changes the module in dir so that its programs report: main
// becomes vmMain, and os.Exit is vmreport.Exit everywhere.
func addReport(dir string) error {
	path, err := commandIn(dir, []string{"GOWORK=off"}, "go", "list", "-m")
	if err != nil {
		return err
	}
	report := strings.TrimSpace(path) + "/vmreport"
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text, isMain, err := withReport(src, report)
		if err != nil || bytes.Equal(text, src) {
			return err
		}
		if isMain {
			if err := os.WriteFile(filepath.Join(filepath.Dir(path), "vmreport_main.go"), fmt.Appendf(nil, reportMain, report), 0o644); err != nil {
				return err
			}
		}
		return os.WriteFile(path, text, 0o644)
	})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(dir, "vmreport"), 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "vmreport", "vmreport.go"), []byte(reportPackage), 0o644)
}
