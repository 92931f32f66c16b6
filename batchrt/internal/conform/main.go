// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64)

// Command conform runs random batch programs on all executors of package
// batchrt and demands the same results, memory, files and descriptors.
//
//	go run ./internal/conform [-n programs] [-seed s] [-exec list] [-dir directory] [-with command]
//
// Executors are reference, emulator, portable, fake (the module as this process
// plays it) and, where /dev/batch is, module. Without portable and fake no Go
// command is needed: the program itself is the child. With -with "qemu-aarch64" and GOARCH=arm64 in the
// environment of this program, which is built for the machine itself, programs are
// built for the other architecture and run by that command.
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

	"golang.org/x/sys/unix"
)

func main() {
	n := flag.Int64("n", 2000, "`number` of programs")
	seed := flag.Int64("seed", 1, "number of the first program")
	execs := flag.String("exec", "reference,emulator,portable,fake", "`executors`, comma-separated; the first is what others are compared with")
	child := flag.String("child", "", "run programs by this executor and print a line for each (used by the parent)")
	work := flag.String("dir", "", "`directory` to work in; without, /dev/shm if it is as able as a disk, and now and then a disk")
	with := flag.String("with", "", "`command` that runs the children")
	show := flag.Bool("show", false, "with -child: print results and state in full")
	flag.Parse()
	var err error
	if *child != "" {
		err = runChild(*child, *seed, *n, *show)
	} else {
		err = runParent(*seed, *n, strings.Split(*execs, ","), *work, strings.Fields(*with))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "conform:", err)
		os.Exit(1)
	}
}

// memory is where files are fast.
const memory = "/dev/shm"

// diskEvery is which of the children works on a disk all the same: one in so many.
const diskEvery = 50

// ableMemory reports whether files in memory can have what programs give them.
func ableMemory() bool {
	f, err := os.CreateTemp(memory, "conform")
	if err != nil {
		return false
	}
	defer os.Remove(f.Name())
	defer f.Close()
	return unix.Fsetxattr(int(f.Fd()), "user.t", []byte("x"), 0) == nil
}

// perChild is how many programs one child process runs.
const perChild = 500

// mostReports is how many programs of one child are shown where they differ.
const mostReports = 5

// tags are the build tags by which an executor is chosen.
var tags = map[string]string{"reference": "", "emulator": "", "module": "", "portable": "batchrt_nolinkname", "fake": "batchrt_fake"}

// runParent runs programs by several executors and compares.
func runParent(seed, n int64, execs []string, work string, with []string) error {
	runBy = with
	dir, err := os.MkdirTemp(work, "conform")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fast := dir
	if work == "" && ableMemory() {
		if fast, err = os.MkdirTemp(memory, "conform"); err != nil {
			return err
		}
		defer os.RemoveAll(fast)
	}
	binary := make(map[string]string)
	for _, e := range execs {
		tag, ok := tags[e]
		if !ok {
			return fmt.Errorf("no executor %q; there are reference, emulator, module, portable, fake", e)
		}
		// A test's binary is no child: it does not know the flags.
		if self, err := os.Executable(); err == nil && tag == "" && len(with) == 0 && !isTest() {
			binary[e] = self
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
	for _, e := range execs {
		if _, err := start(binary[e], e, seed, 0, dir, false); err != nil {
			return fmt.Errorf("%s: %v", e, err)
		}
	}
	differences := int64(0)
	for from := seed; from < seed+n; from += perChild {
		count := min(perChild, seed+n-from)
		where := fast
		if (from-seed)/perChild%diskEvery == 0 {
			where = dir
		}
		var first []string
		for i, e := range execs {
			lines, err := batchOf(binary[e], e, from, count, where)
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
					report(binary, execs[0], e, from, from+int64(j), where)
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

// isTest reports whether this is the binary of a test.
func isTest() bool { return strings.HasSuffix(os.Args[0], ".test") }

// runBy is the command that runs the children, if it is not the kernel.
var runBy []string

func start(binary, executor string, from, count int64, dir string, show bool) (string, error) {
	args := append(append([]string{}, runBy...), binary, "-child", executor, "-seed", fmt.Sprint(from), "-n", fmt.Sprint(count),
		fmt.Sprintf("-show=%v", show))
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOMAXPROCS=2")
	if executor == "module" {
		cmd.Env = append(cmd.Env, "BATCH_EMUL=0")
	} else {
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
