// SPDX-License-Identifier: BSD-3-Clause

//go:build unix

// Bench compares the programs in testdata/examples as they were written with
// what batchfix makes of them: rounds of their work, and for mdu whole processes,
// with GNU du beside them, on a tree of many files. Run it from the repository's
// root (make bench-examples).
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/autobatch/autobatch/internal/examples"
)

func main() {
	pairs := flag.Int("pairs", 1000, "`number` of pairs of slices for each row")
	only := flag.String("run", "", "only rows that match the regular `expression`")
	files := flag.Int("files", 100000, "`number` of files in mdu's tree; 0 leaves mdu's processes out")
	runs := flag.Int("runs", 101, "`number` of runs of each of mdu's processes")
	where := flag.String("tree", "", "make mdu's tree in this `folder` (default: the temporary one)")
	flag.Parse()
	if err := run(*pairs, *only, *files, *runs, *where); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(pairs int, only string, files, runs int, where string) error {
	dir, err := os.MkdirTemp("", "autobatch-examples")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s, err := examples.New(".", dir)
	if err != nil {
		return err
	}
	program, err := s.Bench()
	if err != nil {
		return err
	}
	c := exec.Command(program, "-pairs", strconv.Itoa(pairs), "-run", only)
	c.Env = append(os.Environ(), "BATCH_EMUL=1") // the goals are the emulator's
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	if err := c.Run(); err != nil {
		return err
	}
	if files == 0 {
		return nil
	}
	p, err := buildMdu(s)
	if err != nil {
		return err
	}
	tree, err := os.MkdirTemp(where, "autobatch-tree")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tree)
	if err := plant(tree, files); err != nil {
		return err
	}
	fmt.Printf("\nwhole processes on a warm tree of %d files, %d runs of each\n\n", files, runs)
	return p.compare(tree, runs)
}

// plant makes a tree: folders of 100 files, ten of them in each folder above.
func plant(tree string, files int) error {
	for n := 0; n < files; n++ {
		folder := filepath.Join(tree, fmt.Sprintf("%04d", n/1000), fmt.Sprint(n/100%10))
		if n%100 == 0 {
			if err := os.MkdirAll(folder, 0o755); err != nil {
				return err
			}
		}
		path := filepath.Join(folder, fmt.Sprintf("file%06d.txt", n))
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			return err
		}
		if err := os.Truncate(path, int64(n*37%5000)); err != nil {
			return err
		}
	}
	return nil
}
