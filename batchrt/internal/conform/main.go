// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64)

// Command conform runs random batch programs on all executors of package
// batchrt and demands the same results, memory, files and descriptors.
//
//	go run ./internal/conform [-n programs] [-seed s] [-exec list] [-self]
//
// The executor "module" is the kernel module, where it is loaded. With -self
// nothing is built, for machines without Go: executors that need a build tag
// are out of reach then.
//
// Programs run in child processes, a few hundred in each, in private
// directories. The last line is
//
//	RESULT conformance programs=N executors=... differences=D
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	n := flag.Int64("n", 2000, "`number` of programs")
	seed := flag.Int64("seed", 1, "number of the first program")
	execs := flag.String("exec", "reference,emulator,portable,fake", "executors, comma-separated; the first is what others are compared with")
	self := flag.Bool("self", false, "run this very binary for each executor")
	child := flag.String("child", "", "run programs by this executor and print a line for each (used by the parent)")
	show := flag.Bool("show", false, "with -child: print results and state in full")
	flag.Parse()
	var err error
	if *child != "" {
		err = runChild(*child, *seed, *n, *show)
	} else {
		err = runParent(*seed, *n, strings.Split(*execs, ","), *self)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "conform:", err)
		os.Exit(1)
	}
}

// perChild is how many programs one child process runs.
const perChild = 500

// mostReports is how many programs of one child are shown where they differ.
const mostReports = 5

// tags are the build tags by which an executor is chosen.
var tags = map[string]string{"reference": "", "emulator": "", "module": "", "portable": "batchrt_nolinkname", "fake": "batchrt_fake"}

func runParent(seed, n int64, execs []string, self bool) error {
	dir, err := os.MkdirTemp("", "conform")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary := make(map[string]string)
	for _, e := range execs {
		tag, ok := tags[e]
		if !ok {
			return fmt.Errorf("no executor %q; there are reference, emulator, module, portable, fake", e)
		}
		if self {
			if tag != "" {
				return fmt.Errorf("executor %s needs a binary of its own: not with -self", e)
			}
			if binary[e], err = os.Executable(); err != nil {
				return err
			}
			continue
		}
		binary[e] = filepath.Join(dir, "conform-"+tag)
		if _, err := os.Stat(binary[e]); err == nil {
			continue
		}
		cmd := exec.Command("go", "build", "-tags="+tag, "-o", binary[e], "github.com/autobatch/autobatch/batchrt/internal/conform")
		cmd.Stderr = os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("building for %s: %v", e, err)
		}
	}
	differences := int64(0)
	for from := seed; from < seed+n; from += perChild {
		count := min(perChild, seed+n-from)
		var first []string
		for i, e := range execs {
			lines, err := batchOf(binary[e], e, from, count, dir)
			if err != nil {
				return err
			}
			if i == 0 {
				first = lines
				continue
			}
			reported := 0
			for j := range lines {
				if lines[j] == first[j] {
					continue
				}
				differences++
				if reported++; reported <= mostReports {
					fmt.Printf("%-12s %s\n%-12s %s\n", execs[0], first[j], e, lines[j])
					report(binary, execs[0], e, from, from+int64(j), dir)
				}
			}
		}
	}
	fmt.Printf("RESULT conformance programs=%d executors=%s differences=%d\n", n, strings.Join(execs, ","), differences)
	if differences > 0 {
		return fmt.Errorf("executors differ; repeat one program with -n 1 -seed N")
	}
	return nil
}

// batchOf runs some programs in one child; if it dies, one by one, so that the
// line of the program that killed it says so.
func batchOf(binary, executor string, from, count int64, dir string) ([]string, error) {
	out, err := start(binary, executor, from, count, dir, false)
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if err == nil && int64(len(lines)) == count {
		return lines, nil
	}
	if count == 1 {
		return []string{fmt.Sprintf("%d the child died: %v: %s", from, err, lines[len(lines)-1])}, nil
	}
	half := count / 2
	a, err := batchOf(binary, executor, from, half, dir)
	if err != nil {
		return nil, err
	}
	b, err := batchOf(binary, executor, from+half, count-half, dir)
	return append(a, b...), err
}

func start(binary, executor string, from, count int64, dir string, show bool) (string, error) {
	cmd := exec.Command(binary, "-child", executor, "-seed", fmt.Sprint(from), "-n", fmt.Sprint(count), fmt.Sprintf("-show=%v", show))
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOMAXPROCS=2")
	if executor != "module" {
		cmd.Env = append(cmd.Env, "BATCH_EMUL=1")
	}
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	return string(out), err
}

// report prints where two executors differ in a program: alone, or if it does
// not differ alone, after those that ran before it in its child.
func report(binary map[string]string, a, b string, from, seed int64, dir string) {
	fmt.Printf("program %d:\n", seed)
	for _, first := range []int64{seed, from} {
		x, _ := start(binary[a], a, first, seed-first+1, dir, true)
		y, _ := start(binary[b], b, first, seed-first+1, dir, true)
		if x == y {
			continue
		}
		if first != seed {
			fmt.Printf("  alike when alone; differs after programs from %d on\n", first)
		}
		xs, ys := strings.Split(x, "\n"), strings.Split(y, "\n")
		shown := 0
		for i := range max(len(xs), len(ys)) {
			l, r := line(xs, i), line(ys, i)
			if l == r {
				continue
			}
			if shown++; shown > 20 {
				break
			}
			fmt.Printf("  %-12s %s\n  %-12s %s\n", a, l, b, r)
		}
		return
	}
	fmt.Println("  alike when run again")
}

func line(s []string, i int) string {
	if i < len(s) {
		return s[i]
	}
	return ""
}
