// SPDX-License-Identifier: BSD-3-Clause

// Demo shows the main job on the example program testdata/examples/restore:
// batchfix's difference, both programs' output, and what the batches change.
// It works on a copy; run it from the repository's root (make demo).
//
// With -o its three programs (original, rewritten, compare) are built into a
// folder and not run, for the processor that -arch names: the virtual machines
// run them.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

func main() {
	out := flag.String("o", "", "build the programs into this `folder` and run none")
	arch := flag.String("arch", runtime.GOARCH, "GOARCH of the programs")
	flag.Parse()
	if err := run(*out, *arch); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run(out, arch string) error {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "autobatch-demo")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	bin := out
	if bin == "" {
		bin = dir
	} else if bin, err = filepath.Abs(out); err != nil {
		return err
	}
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return err
	}
	fix := filepath.Join(dir, "batchfix")
	if _, err := command(root, false, "go", "build", "-o", fix, "./cmd/batchfix"); err != nil {
		return err
	}
	src := filepath.Join(dir, "examples")
	if err := os.CopyFS(src, os.DirFS(filepath.Join(root, "testdata", "examples"))); err != nil {
		return err
	}
	build := func(name string, args ...string) error {
		_, err := command(src, false, "env", append([]string{"GOARCH=" + arch, "CGO_ENABLED=0",
			"go", "build", "-o", filepath.Join(bin, name)}, args...)...)
		return err
	}
	if err := build("original", "./restore/cmd/restore"); err != nil {
		return err
	}
	// The copy that is compared with the original, under a name of its own.
	batched := filepath.Join(src, "batched")
	if err := os.Mkdir(batched, 0o755); err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(src, "restore", "restore.go"))
	if err != nil {
		return err
	}
	text = bytes.Replace(text, []byte("package restore"), []byte("package batched"), 1)
	if err := os.WriteFile(filepath.Join(batched, "restore.go"), text, 0o644); err != nil {
		return err
	}
	rt, show := filepath.Join(root, "batchrt"), out == ""
	if show {
		fmt.Println("$ batchfix -d ./restore")
		if _, err := command(src, true, fix, "-batchrt", rt, "-d", "./restore"); err != nil {
			return err
		}
		fmt.Println("$ batchfix -w ./restore/...")
	}
	if _, err := command(src, show, fix, "-batchrt", rt, "-w", "./restore/...", "./batched"); err != nil {
		return err
	}
	if err := build("rewritten", "./restore/cmd/restore"); err != nil {
		return err
	}
	// The original for the comparison comes back.
	if err := os.RemoveAll(filepath.Join(src, "restore")); err != nil {
		return err
	}
	if err := os.CopyFS(filepath.Join(src, "restore"), os.DirFS(filepath.Join(root, "testdata", "examples", "restore"))); err != nil {
		return err
	}
	if err := build("compare", "-tags", "demo", "./compare"); err != nil || out != "" {
		return err
	}
	return runAll(bin)
}

// runAll runs the three programs.
func runAll(bin string) error {
	before, err := command(bin, false, "./original")
	if err != nil {
		return err
	}
	after, err := command(bin, false, "./rewritten")
	if err != nil {
		return err
	}
	fmt.Printf("\noriginal:  %srewritten: %s", indent(before), indent(after))
	if !bytes.Equal(before, after) {
		return fmt.Errorf("the outputs differ")
	}
	fmt.Println()
	_, err = command(bin, true, "./compare")
	return err
}

// indent lines up the lines of a program's output behind its label.
func indent(b []byte) []byte {
	return append(bytes.ReplaceAll(bytes.TrimSuffix(b, []byte("\n")), []byte("\n"), []byte("\n           ")), '\n')
}

// command runs a program in dir and returns its output; show prints it as it comes.
func command(dir string, show bool, name string, args ...string) ([]byte, error) {
	c := exec.Command(name, args...)
	c.Dir = dir
	c.Env = os.Environ()
	if dir != "" && filepath.Base(dir) == "examples" {
		c.Env = append(c.Env, "GOWORK=off")
	}
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, os.Stderr
	if show {
		c.Stdout = os.Stdout
	}
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w", c, err)
	}
	return out.Bytes(), nil
}
