// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package examples

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the goldens anew")

const repo = "../.."

// world is what all tests share: the examples as they are, and rewritten.
var world struct {
	*Scratch
	original, batched string // folders of the copies
}

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "examples")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		if err := setUp(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return m.Run()
	}())
}

func setUp(dir string) (err error) {
	if world.Scratch, err = New(repo, dir); err != nil {
		return err
	}
	if world.original, err = world.Copy("original"); err != nil {
		return err
	}
	if world.batched, err = world.Copy("batched"); err != nil {
		return err
	}
	_, err = world.Batchfix(world.batched, "-w", "./...")
	return err
}

// TestGolden compares what batchfix writes with the files NAME.golden beside
// the sources. A file that it leaves alone has none.
func TestGolden(t *testing.T) {
	changed := 0
	err := filepath.WalkDir(world.original, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		name, err := filepath.Rel(world.original, path)
		if err != nil {
			return err
		}
		before, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		after, err := os.ReadFile(filepath.Join(world.batched, name))
		if err != nil {
			return err
		}
		golden := filepath.Join(world.Source(), strings.TrimSuffix(name, ".go")+".golden")
		if bytes.Equal(before, after) {
			if *update {
				os.Remove(golden)
			} else if _, err := os.Stat(golden); err == nil {
				t.Errorf("%s is not rewritten any more", name)
			}
			return nil
		}
		changed++
		if *update {
			return os.WriteFile(golden, after, 0o644)
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Errorf("%v (go test ./internal/examples -update writes it)", err)
		} else if !bytes.Equal(after, want) {
			t.Errorf("%s is rewritten in another way than its golden has it (-update writes that anew):\n%s", name, difference(string(want), string(after)))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if changed < len(Programs) {
		t.Errorf("only %d files were rewritten", changed)
	}
}

// difference shows the first line in which two texts differ.
func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := 0; i < len(w) && i < len(g); i++ {
		if w[i] != g[i] {
			return fmt.Sprintf("line %d: %q, want %q", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

// TestEveryProgram demands that each of the examples is rewritten.
func TestEveryProgram(t *testing.T) {
	for _, p := range Programs {
		files, err := filepath.Glob(filepath.Join(world.batched, p, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			text += string(data)
		}
		if !strings.Contains(text, "batchrt.Run(") {
			t.Errorf("%s is left as it was", p)
		}
	}
}

// TestAgain demands that the result compiles, that vet has no complaint, and
// that another run of batchfix finds nothing to do.
func TestAgain(t *testing.T) {
	if _, err := world.Go(world.batched, "go", "vet", "./..."); err != nil {
		t.Error(err)
	}
	list, err := world.Batchfix(world.batched, "-l", "-check", "./...")
	if err != nil || list != "" {
		t.Errorf("a second run would change %q: %v", list, err)
	}
}

// TestBench runs every round of the benchmark, in both forms. How long they take
// does not matter here.
func TestBench(t *testing.T) {
	program, err := world.Bench()
	if err != nil {
		t.Fatal(err)
	}
	out, err := command(world.Dir, nil, program, "-pairs", "1")
	if err != nil {
		t.Fatalf("%s\n%v", out, err)
	}
	for _, p := range Programs {
		if !strings.Contains(out, "\n"+p+", ") {
			t.Errorf("no line on %s in\n%s", p, out)
		}
	}
}
