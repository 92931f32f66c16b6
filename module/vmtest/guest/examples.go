// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// worldDir is the working directory of every example program that a user runs.
func worldDir(uid int) string { return fmt.Sprint("/tmp/world", uid) }

// exampleRun is one program with arguments.
type exampleRun struct {
	name string
	args []string
}

func (e exampleRun) String() string { return strings.Join(append([]string{e.name}, e.args...), " ") }

// exampleRuns lists the programs that the host built.
func exampleRuns() []exampleRun {
	var runs []exampleRun
	files, _ := filepath.Glob("/bin/ex.*.orig")
	for _, f := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(f), "ex."), ".orig")
		args, err := os.ReadFile("/bin/ex." + name + ".args")
		if err != nil {
			args = []byte("\n")
		}
		for _, line := range strings.Split(strings.TrimSuffix(string(args), "\n"), "\n") {
			if !strings.HasPrefix(line, "#") {
				runs = append(runs, exampleRun{name, strings.Fields(line)})
			}
		}
	}
	return runs
}

// examples runs every example program as it was written and as it was
// rewritten, as root, as somebody who may use the device, and as somebody who
// may not: they must print and leave behind the same, and the batches must
// have been run by whom they should. The users work side by side.
func examples() {
	runs := exampleRuns()
	check(len(runs) > 0, "no example programs")
	var wg sync.WaitGroup
	for _, uid := range []int{0, nobody, stranger} {
		wg.Go(func() {
			batches := 0
			for _, e := range runs {
				batches += e.compare(uid)
			}
			check(batches > 0, "as %d: no example ran a batch", uid)
			demo(uid)
		})
	}
	wg.Wait()
}

// want is the executor that a user's batches must have.
func want(uid int) string {
	if uid == stranger {
		return "emulator"
	}
	return "module"
}

// compare runs an example both ways and returns how many batches it ran.
func (e exampleRun) compare(uid int) int {
	orig := e.run(uid, "orig")
	again := e.run(uid, "orig")
	if orig != again {
		check(false, "%s as %d does not do the same twice:\n%s\n%s", e, uid, orig, again)
		return 0
	}
	batched := e.run(uid, "batched")
	check(orig == batched, "%s as %d: original\n%s\nrewritten\n%s", e, uid, orig, batched)
	if _, err := os.Stat("/bin/ex." + e.name + ".counted"); err != nil {
		fmt.Printf("GUEST example %s as %d: nothing to batch\n", e, uid)
		return 0
	}
	counted := e.run(uid, "counted")
	check(orig == counted, "%s as %d: original\n%s\nrewritten, with counters\n%s", e, uid, orig, counted)
	data, _ := os.ReadFile(reportFile(uid))
	os.Remove(reportFile(uid))
	var executor string
	var batches, entries, fallbacks, saved int
	if _, err := fmt.Sscan(string(data), &executor, &batches, &entries, &fallbacks, &saved); err != nil {
		check(false, "%s as %d: no report of its counters (%q): it must end by main's return or os.Exit", e, uid, data)
		return 0
	}
	fmt.Printf("GUEST example %s as %d: %s, %d batches, %d entries, %d left to the emulator, %d crossings saved\n", e, uid, executor, batches, entries, fallbacks, saved)
	check(executor == want(uid), "%s as %d: executor %s", e, uid, executor)
	check(batches > 0, "%s as %d ran no batch: give it arguments with which it does (vm.args)", e, uid)
	if uid != stranger {
		check(saved > 0 && fallbacks < batches, "%s as %d: %d of %d batches not by the module, %d crossings saved", e, uid, fallbacks, batches, saved)
	} else {
		check(saved == 0, "%s as %d: %d crossings saved by an emulator", e, uid, saved)
	}
	return batches
}

// exampleTable measures whole runs of the examples, as they were written, and
// rewritten by the emulator and by the module: the least of several, in what
// the clock counts, which is instructions under qemu's -icount. In the world,
// much of a run is the start of a Go program; so mdu has a large tree as well.
func exampleTable() {
	for _, e := range exampleRuns() {
		if _, err := os.Stat("/bin/ex." + e.name + ".counted"); err == nil {
			e.measure(5, func() { makeWorld(0) })
		}
	}
	os.RemoveAll(worldDir(0))
	makeForest()
	exampleRun{"mdu", []string{forestDir}}.measure(2, func() { makeWorld(0) })
	os.RemoveAll(forestDir)
	os.RemoveAll(worldDir(0))
}

// measure prints what the runs of an example's three forms cost.
func (e exampleRun) measure(runs int, prepare func()) {
	var least [3]time.Duration
	for i, form := range []string{"orig", "batched", "batched"} {
		for range runs {
			prepare()
			cmd := e.command(0, form)
			cmd.Env = append(cmd.Env, "GOMAXPROCS=1")
			if i == 1 {
				cmd.Env = append(cmd.Env, "BATCH_EMUL=1")
			}
			start := time.Now()
			cmd.Run()
			if d := time.Since(start); least[i] == 0 || d < least[i] {
				least[i] = d
			}
		}
	}
	fmt.Printf("EXAMPLE %d %d %d %s\n", least[0], least[1], least[2], e)
}

const forestDir = "/tmp/forest"

// makeForest makes 100 folders with 100 empty files each.
func makeForest() {
	for d := range 100 {
		dir := fmt.Sprintf("%s/folder%02d", forestDir, d)
		os.MkdirAll(dir, 0o755)
		for f := range 100 {
			if err := os.WriteFile(fmt.Sprintf("%s/file%02d", dir, f), nil, 0o644); err != nil {
				fail("forest: %v", err)
			}
		}
	}
}

func reportFile(uid int) string { return fmt.Sprint("/tmp/report", uid) }

// command is one form of an example, in the world.
func (e exampleRun) command(uid int, form string) *exec.Cmd {
	cmd := command(uid, "ex."+e.name+"."+form, e.args...)
	cmd.Args[0] = e.name // it may print its name
	cmd.Dir = worldDir(uid)
	cmd.Env = append(cmd.Env, "VM_REPORT="+reportFile(uid))
	return cmd
}

// run runs one form of an example in a fresh world and returns all that can
// be seen of it.
func (e exampleRun) run(uid int, form string) string {
	makeWorld(uid)
	defer os.RemoveAll(worldDir(uid))
	cmd := e.command(uid, form)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Start()
	if err == nil {
		// one that hangs is a failure, not the end of all
		limit := time.AfterFunc(2*time.Minute, func() { cmd.Process.Kill() })
		err = cmd.Wait()
		limit.Stop()
	}
	return fmt.Sprintf("%v\n%s\n%s\n%s", err, out.String(), errs.String(), worldState(worldDir(uid)))
}

// makeWorld makes the tree that examples work on: folders in folders, files
// of several sizes, links of both kinds, names that are hidden or odd.
func makeWorld(uid int) {
	dir := worldDir(uid)
	os.RemoveAll(dir)
	write := func(name string, size int) {
		name = filepath.Join(dir, name)
		os.MkdirAll(filepath.Dir(name), 0o755)
		data := bytes.Repeat([]byte(name+"\n"), size/len(name)+1)[:size]
		if err := os.WriteFile(name, data, 0o644); err != nil {
			fail("world: %v", err)
		}
	}
	for d := range 6 {
		for f := range 20 {
			write(fmt.Sprintf("dir%d/sub%d/file%02d", d, f%3, f), 37*f*(d+1))
		}
	}
	write("empty", 0)
	write("large", 100000)
	write(".hidden/file", 10)
	write("with space/a b", 20)
	write("bin/tool", 5)
	os.Chmod(filepath.Join(dir, "bin/tool"), 0o755)
	os.Symlink("large", filepath.Join(dir, "link"))
	os.Symlink("nowhere", filepath.Join(dir, "dangling"))
	os.Symlink("dir0", filepath.Join(dir, "dirlink"))
	os.Link(filepath.Join(dir, "large"), filepath.Join(dir, "hardlink"))
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		old := time.Unix(1700000000, 0)
		if d.Type()&fs.ModeSymlink == 0 {
			os.Chtimes(path, old, old)
		}
		return os.Lchown(path, uid, uid)
	})
}

// worldState is what there is in a world now.
func worldState(dir string) string {
	h := sha256.New()
	n := 0
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		n++
		info, ierr := os.Lstat(path)
		fmt.Fprintln(h, path, err, ierr)
		if ierr != nil {
			return nil
		}
		fmt.Fprintln(h, info.Mode(), info.Size())
		if info.Mode().IsRegular() {
			data, err := os.ReadFile(path)
			fmt.Fprintln(h, data, err)
		}
		to, _ := os.Readlink(path)
		fmt.Fprintln(h, to)
		return nil
	})
	return fmt.Sprintf("%d names, %x", n, h.Sum(nil)[:8])
}

// demo runs the demo's measurement of original against rewritten code.
func demo(uid int) {
	cmd := command(uid, "demo.compare")
	out, err := cmd.CombinedOutput()
	check(err == nil && strings.Contains(string(out), "executor                  "+want(uid)+"\n"), "demo as %d: %v\n%s", uid, err, out)
	check(strings.Contains(string(out), "kernel crossings") == (uid != stranger), "demo as %d:\n%s", uid, out)
	for _, l := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		fmt.Printf("GUEST demo as %d: %s\n", uid, l)
	}
}
