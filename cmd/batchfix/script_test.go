// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/autobatch/autobatch/analyzer"
)

// root is the directory of this repository.
const root = "../.."

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"batchfix": testBatchfix,
		"batchvet": func() { unitchecker.Main(analyzer.Analyzer) },
	})
}

// testBatchfix is batchfix with two openings for scripts: BATCHFIX_VERSION is
// the version it believes to have been built from, BATCHFIX_BEFORE_WRITE a
// shell command that runs between checking and writing.
func testBatchfix() {
	if v := os.Getenv("BATCHFIX_VERSION"); v != "" {
		readBuildInfo = func() (*debug.BuildInfo, bool) {
			return &debug.BuildInfo{Main: debug.Module{Path: "github.com/autobatch/autobatch", Version: v}}, true
		}
	}
	if sh := os.Getenv("BATCHFIX_BEFORE_WRITE"); sh != "" {
		beforeWrite = func() {
			if out, err := exec.Command("sh", "-c", sh).CombinedOutput(); err != nil {
				fmt.Fprintf(os.Stderr, "BATCHFIX_BEFORE_WRITE: %v\n%s", err, out)
				os.Exit(99)
			}
		}
	}
	os.Exit(mainStatus())
}

func TestScript(t *testing.T) {
	tmp := tempDir(t)
	vars := goEnv(t, "GOCACHE", "GOMODCACHE", "GOPROXY")
	proxy := newProxy(t, filepath.Join(tmp, "proxy"))
	batchrt, err := filepath.Abs(filepath.Join(root, "batchrt"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join(root, "testdata", "script"),
		Setup: func(env *testscript.Env) error {
			bin, _, _ := strings.Cut(env.Getenv("PATH"), string(os.PathListSeparator))
			for k, v := range map[string]string{
				"GOCACHE": vars["GOCACHE"],
				// A module cache of the test's own, so that the modules that the
				// test makes up get into no other; what the machine's cache holds
				// serves as a proxy.
				"GOMODCACHE":  filepath.Join(tmp, "mod"),
				"GOPROXY":     strings.Join([]string{fileURL(proxy), fileURL(filepath.Join(vars["GOMODCACHE"], "cache", "download")), vars["GOPROXY"]}, ","),
				"GOSUMDB":     "off",
				"GOFLAGS":     "",
				"GOTOOLCHAIN": "local",
				"GOWORK":      "",
				"GOENV":       "off",
				"BATCHRT":     batchrt,
				"BATCHVET":    filepath.Join(bin, "batchvet"),
				"P":           runtimePath,
			} {
				env.Setenv(k, v)
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"mode":    cmdMode,
			"snap":    cmdSnap,
			"same":    cmdSame,
			"rc":      cmdRC,
			"profile": cmdProfile,
		},
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "root":
				return os.Geteuid() == 0, nil
			case "cgo":
				out, err := exec.Command("go", "env", "CGO_ENABLED").Output()
				return strings.TrimSpace(string(out)) == "1", err
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// cmdMode checks a file's permission bits: mode 0640 file.
func cmdMode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mode octal file")
	}
	want, err := strconv.ParseUint(args[0], 8, 32)
	ts.Check(err)
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := info.Mode().Perm(); got != fs.FileMode(want) {
		ts.Fatalf("%s has mode %v, want %v", args[1], got, fs.FileMode(want))
	}
}

// snaps holds the snapshots by work directory.
var snaps sync.Map

// cmdSnap remembers all names, modes and contents below the work directory.
func cmdSnap(ts *testscript.TestScript, neg bool, args []string) {
	snaps.Store(ts.Getenv("WORK"), snapshot(ts))
}

// cmdSame checks that they are as they were at the last snap: nothing was
// touched, and nothing lies around.
func cmdSame(ts *testscript.TestScript, neg bool, args []string) {
	was, ok := snaps.Load(ts.Getenv("WORK"))
	if !ok {
		ts.Fatalf("same without snap")
	}
	if is := snapshot(ts); was != is {
		ts.Fatalf("files were touched\nbefore:\n%s\nafter:\n%s", was, is)
	}
}

func snapshot(ts *testscript.TestScript) string {
	var b strings.Builder
	work := ts.Getenv("WORK")
	ts.Check(filepath.WalkDir(work, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(work, path)
		if rel == ".tmp" || rel == "tmp" {
			return filepath.SkipDir
		}
		fmt.Fprintf(&b, "%s %v", rel, info.Mode())
		switch {
		case info.Mode()&fs.ModeSymlink != 0:
			target, _ := os.Readlink(path)
			fmt.Fprintf(&b, " -> %s", target)
		case info.Mode().IsRegular():
			data, err := os.ReadFile(path)
			fmt.Fprintf(&b, " %v %q %v", info.ModTime(), data, err)
		}
		b.WriteByte('\n')
		return nil
	}))
	return b.String()
}

// cmdRC runs a program and checks its exit status: rc 3 batchfix -check.
func cmdRC(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: rc status program [arguments]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit := (*exec.ExitError)(nil); err != nil {
		if !asExit(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

func asExit(err error, exit **exec.ExitError) bool {
	e, ok := err.(*exec.ExitError)
	*exit = e
	return ok
}

func goEnv(t *testing.T, names ...string) map[string]string {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command("go", append([]string{"env", "-json"}, names...)...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go env: %v\n%s", err, &stderr)
	}
	vars := map[string]string{}
	if err := json.Unmarshal(out, &vars); err != nil {
		t.Fatal(err)
	}
	return vars
}

// tempDir is t.TempDir for a directory that will hold a module cache, which
// the go command makes read-only.
func tempDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "batchfix-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				os.Chmod(path, 0o755)
			}
			return nil
		})
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func fileURL(dir string) string {
	dir = filepath.ToSlash(dir)
	if !strings.HasPrefix(dir, "/") {
		dir = "/" + dir
	}
	return "file://" + dir
}
