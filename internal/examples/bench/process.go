// SPDX-License-Identifier: BSD-3-Clause

//go:build unix

package main

import (
	"fmt"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/autobatch/autobatch/internal/examples"
)

// mdu are the programs that are compared: paths of their files.
type mdu struct{ original, batched, du string }

func buildMdu(s *examples.Scratch) (*mdu, error) {
	p := &mdu{original: filepath.Join(s.Dir, "mdu.original"), batched: filepath.Join(s.Dir, "mdu.batched")}
	for _, out := range []string{p.original, p.batched} {
		dir, err := s.Copy(filepath.Base(out) + ".src")
		if err != nil {
			return nil, err
		}
		if out == p.batched {
			if _, err := s.Batchfix(dir, "-w", "./mdu"); err != nil {
				return nil, err
			}
		}
		if _, err := s.Go(dir, "go", "build", "-o", out, "./mdu"); err != nil {
			return nil, err
		}
	}
	// Without GNU du the comparison goes without it.
	if out, err := exec.Command("du", "--version").Output(); err == nil && strings.Contains(string(out), "GNU") {
		p.du, _ = exec.LookPath("du")
	}
	return p, nil
}

// usage is what one run took.
type usage struct{ processor, wall time.Duration }

// once runs a program and returns what it took and the total it printed.
func once(args ...string) (usage, int64, error) {
	c := exec.Command(args[0], args[1:]...)
	c.Env = append(os.Environ(), "BATCH_EMUL=1")
	start := time.Now()
	out, err := c.Output()
	u := usage{wall: time.Since(start)}
	if err != nil {
		return u, 0, fmt.Errorf("%s: %w", args[0], err)
	}
	u.processor = c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	number, _, _ := strings.Cut(string(out), "\t")
	total, err := strconv.ParseInt(number, 10, 64)
	return u, total, err
}

// compare runs all of them in turn, in changing order, and prints the medians
// of the ratios within a turn. The original runs twice in each.
func (p *mdu) compare(tree string, runs int) error {
	commands := [][]string{{p.original, tree}, {p.batched, tree}, {p.original, tree}}
	if p.du != "" {
		commands = append(commands, []string{p.du, "-sbl", tree})
	}
	want, folders, err := sizes(tree)
	if err != nil {
		return err
	}
	took := make([][]usage, len(commands))
	for n := range runs + 1 { // the first turn warms up
		for k := range commands {
			i := (n + k) % len(commands)
			u, total, err := once(commands[i]...)
			if err != nil {
				return err
			}
			// Since coreutils 9.2 du counts no folders.
			if total != want && (i != 3 || total != want-folders) {
				return fmt.Errorf("%s: %d bytes, want %d", commands[i][0], total, want)
			}
			if n > 0 {
				took[i] = append(took[i], u)
			}
		}
	}
	fmt.Printf("%-24s %9s %9s  %s\n", "", "processor", "wall", "goal for processor time")
	void := ""
	if math.Abs(ratio(took[2], took[0], processor)-1) > 0.02 {
		void = "void: the machine was too restless"
	}
	line := func(name string, a, b []usage, goal float64) {
		verdict := void
		switch r := ratio(a, b, processor); {
		case void != "" || goal == 0:
		case r <= goal:
			verdict = fmt.Sprintf("%.2f met", goal)
		default:
			verdict = fmt.Sprintf("%.2f missed", goal)
		}
		fmt.Printf("%-24s %9.3f %9.3f  %s\n", name, ratio(a, b, processor), ratio(a, b, wall), verdict)
	}
	line("original/original", took[2], took[0], 0)
	line("rewritten/original", took[1], took[0], 0.95)
	if p.du != "" {
		line("original/GNU du", took[0], took[3], 0)
		line("rewritten/GNU du", took[1], took[3], 1.1)
	}
	return nil
}

func processor(u usage) time.Duration { return u.processor }

func wall(u usage) time.Duration { return u.wall }

// ratio is the median of the ratios of runs that belong together.
func ratio(a, b []usage, of func(usage) time.Duration) float64 {
	var list []float64
	for i := range a {
		list = append(list, float64(of(a[i]))/float64(of(b[i])))
	}
	slices.Sort(list)
	return list[len(list)/2]
}

// sizes adds up a tree by other means, and its folders by themselves.
func sizes(tree string) (all, folders int64, err error) {
	err = filepath.WalkDir(tree, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Lstat(path)
		if err != nil {
			return err
		}
		all += info.Size()
		if d.IsDir() {
			folders += info.Size()
		}
		return nil
	})
	return all, folders, err
}
