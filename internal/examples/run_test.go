// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package examples

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// runs are what the programs are run on, in a folder that makeTree has filled.
var runs = []struct {
	program string
	args    []string
	fds     int // number of descriptors that it inherits, from 3 on
	status  int
	// What batches must do, entries being the system calls that they make and the
	// loads between these. Both follow from the files and from strips of sixteen.
	batches, entries int
	// How many of the entries write extended attributes, all in one batch. Not
	// every file system has such attributes.
	attributes int
}{
	// Of folders with 4, 40, 1 and 20 names.
	{program: "mdu", args: []string{"tree"}, batches: 1 + 3 + 1 + 2, entries: 4 + 40 + 1 + 20},
	{program: "mdu", args: []string{"tree/a", "tree/a/file07", "missing", "tree/dangling"}, status: 1, batches: 3, entries: 40},

	// Open, fstat, the load of the size, mmap and close of each; only open of the
	// one that is missing.
	{program: "total", args: files("tree/a/file", 10), batches: 10, entries: 10 * 5},
	{program: "total", args: []string{"missing", "empty", "tree", "large"}, status: 1, batches: 4, entries: 1 + 3*5},

	// The last folder but two of twenty, then read and close of what was found.
	{program: "pathsearch", args: []string{libraries(), "lib17.so"}, batches: 2 + 1, entries: 18 + 2},
	{program: "pathsearch", args: []string{libraries(), "lib0.so", "none", "lib1.so"}, status: 1, batches: 2 + 2 + 2, entries: 3 + 20 + 4},
	{program: "pathsearch", args: []string{libraries()}, status: 2},

	{program: "lstatargv", args: files("tree/a/file", 40), batches: 3, entries: 40},
	{program: "lstatargv", args: []string{"tree", "tree/link", "missing", "", "tree/dangling", "large"}, status: 1, batches: 1, entries: 6},
	{program: "statxargv", args: files("tree/a/file", 33), batches: 3, entries: 33},
	// Each failure ends a strip.
	{program: "statxargv", args: []string{"tree", "tree/link", "missing", "", "tree/dangling", "large"}, status: 1, batches: 3, entries: 6},

	{program: "closefds", args: []string{"10", "59"}, fds: 30, batches: 4, entries: 50},
	{program: "closefds", args: []string{"60", "59"}},
	{program: "closefds", args: []string{"two", "59"}, status: 2},

	// Lstat of 66 names; 4 calls for each, but 3 for the two links; two extended
	// attributes of a file.
	{program: "copymeta", args: []string{"tree", "copy"}, attributes: 2, batches: 5 + 66 + 1, entries: 66 + 64*4 + 2*3 + 2},
	// In tree/b is none of these files.
	{program: "copymeta", args: []string{"tree/a", "tree/b"}, status: 1, batches: 3 + 41, entries: 41 + 40 + 4},
}

func files(prefix string, n int) (list []string) {
	for i := range n {
		list = append(list, fmt.Sprintf("%s%02d", prefix, i))
	}
	return list
}

func libraries() string {
	var list []string
	for i := range 20 {
		list = append(list, fmt.Sprint("lib", i))
	}
	return strings.Join(list, ":")
}

// TestRun runs the programs as they are and rewritten: same output, same exit
// status, same files afterwards, and the batches must be those that the sources
// promise. Where there is strace it watches, and must not be able to tell the
// two apart.
func TestRun(t *testing.T) {
	original := build(t, world.original)
	batched := build(t, counting(t))
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Log("without strace the system calls are not compared")
	}
	for i, r := range runs {
		t.Run(fmt.Sprintf("%s%d", r.program, i), func(t *testing.T) {
			want := run(t, strace, filepath.Join(original, r.program), r.args, r.fds)
			got := run(t, strace, filepath.Join(batched, r.program), r.args, r.fds)
			if want.status != r.status {
				t.Errorf("exit status %d, want %d\n%.500s", want.status, r.status, want.text)
			}
			if got.status != want.status || got.text != want.text {
				t.Errorf("rewritten: exit status %d, original: %d\n%s", got.status, want.status, difference(want.text, got.text))
			}
			if r.attributes > 0 && !strings.Contains(want.text, "user.one") {
				r.batches, r.entries = r.batches-1, r.entries-r.attributes
			}
			if c := fmt.Sprintf(" %d %d", r.batches, r.entries); got.counts != c {
				t.Errorf("batches and entries%s, want%s", got.counts, c)
			}
			if strace == "" {
				return
			}
			if len(want.trace) < r.batches {
				t.Fatalf("only %d calls in the trace of the original", len(want.trace))
			}
			if w, g := strings.Join(want.trace, "\n"), strings.Join(got.trace, "\n"); w != g {
				t.Errorf("rewritten it makes other system calls: %s", difference(w, g))
			}
		})
	}
}

// programs are those that can be run.
func programs() []string {
	return slices.DeleteFunc(slices.Clone(Programs), func(p string) bool { return p == "patterns" })
}

func build(t *testing.T, module string) (bin string) {
	bin = filepath.Join(module, "bin")
	args := []string{"go", "build", "-ldflags=-s -w", "-o", bin + "/"}
	for _, p := range programs() {
		args = append(args, "./"+p)
	}
	if _, err := world.Go(module, args...); err != nil {
		t.Fatal(err)
	}
	return bin
}

const counter = `package main

import (
	"fmt"
	"os"

	"github.com/autobatch/autobatch/batchrt"
)

func init() { batchrt.Counters() }

func exit(status int) {
	c := batchrt.Counters()
	fmt.Fprint(os.Stderr, "\nCOUNTS ", c.Batches, c.Entries)
	os.Exit(status)
}
`

// counting makes a copy of the rewritten programs that tell at their end what
// batches there were.
func counting(t *testing.T) (module string) {
	module = filepath.Join(world.Dir, "counting")
	if err := os.CopyFS(module, os.DirFS(world.batched)); err != nil {
		t.Fatal(err)
	}
	for _, p := range programs() {
		path := filepath.Join(module, p, "main.go")
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		end := []byte("func main() { os.Exit(run(os.Args[1:])) }")
		if bytes.Count(text, end) != 1 {
			t.Fatalf("%s does not end as the others do", p)
		}
		text = bytes.Replace(text, end, []byte("func main() { exit(run(os.Args[1:])) }"), 1)
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(module, p, "counter.go"), []byte(counter), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return module
}

// result is what is left of a run.
type result struct {
	status int
	text   string // outputs and the state of the files
	counts string
	trace  []string
}

// calls are the system calls that the programs make and the Go runtime does
// not, not in the same way each time at least.
const calls = "newfstatat,lstat,stat,fstat,statx,getdents64,openat,open,close,fchmodat,chmod,lchown,fchownat,utimensat," +
	"llistxattr,lgetxattr,lsetxattr"

// run runs a program in a fresh tree, under strace unless that is empty.
func run(t *testing.T, strace, path string, args []string, fds int) (r result) {
	t.Helper()
	dir, trace := t.TempDir(), filepath.Join(t.TempDir(), "trace")
	makeTree(t, dir)
	c := exec.Command(path, args...)
	if strace != "" {
		c = exec.Command(strace, append([]string{"-f", "-qq", "-e", "signal=none", "-e", "trace=" + calls, "-o", trace, path}, args...)...)
	}
	c.Dir = dir
	c.Env = append(os.Environ(), "BATCH_EMUL=1") // the module's calls would not be seen
	for range fds {
		f, err := os.Open(os.DevNull)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		c.ExtraFiles = append(c.ExtraFiles, f)
	}
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	limit := time.AfterFunc(time.Minute, func() { c.Process.Kill() })
	c.Wait()
	limit.Stop()
	r.status = c.ProcessState.ExitCode()
	said, counts, _ := strings.Cut(errs.String(), "\nCOUNTS")
	r.text = fmt.Sprintf("%s\n%s\n%s", out.String(), said, state(t, dir))
	r.counts = counts
	if data, err := os.ReadFile(trace); err == nil {
		r.trace = normal(string(data))
	}
	return r
}

var (
	pidRE     = regexp.MustCompile(`^\d+ +`)
	addressRE = regexp.MustCompile(`0x[0-9a-f]{6,}`)
)

// normal takes out of a trace what is not the same each time.
func normal(trace string) (lines []string) {
	for _, l := range strings.Split(trace, "\n") {
		l = addressRE.ReplaceAllString(pidRE.ReplaceAllString(l, ""), "ADDR")
		if l != "" {
			lines = append(lines, l)
		}
	}
	return lines
}
