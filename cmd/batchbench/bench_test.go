// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/autobatch/autobatch/cmd/batchbench/pairs"
)

// TestCases runs both forms of every case: they must work, and those of the
// emulator must not allocate more than the original.
func TestCases(t *testing.T) {
	undo, err := prepare()
	if err != nil {
		t.Fatal(err)
	}
	defer undo()
	for _, c := range append(cases, floors...) {
		t.Run(c.name, func(t *testing.T) {
			before := testing.AllocsPerRun(10, c.original)
			if after := testing.AllocsPerRun(10, c.changed); after > before {
				t.Errorf("%v allocations before, %v after", before, after)
			}
		})
	}
}

// TestDraw draws a small series and looks for its parts.
func TestDraw(t *testing.T) {
	f := figures{Executor: "emulator"}
	for _, call := range []string{"fstat", "lstat"} {
		for n := 1; n <= 64; n *= 2 {
			f.Series = append(f.Series, point{Call: call, N: n, Plain: 300, Ratio: 0.9})
		}
	}
	dir := t.TempDir()
	if err := draw([]figures{f}, dir); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "cost-lstat.svg"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<svg", "emulator", "plain calls", "lstat in a batch"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %q in the plot", want)
		}
	}
}

// TestPairs compares work with the same work, and with twice of it.
func TestPairs(t *testing.T) {
	n := 0
	one := func() {
		for i := range 1000 {
			n += i * n
		}
	}
	two := func() { one(); one() }
	for try := 0; ; try++ {
		same := pairs.Compare(one, one, pairs.Options{Pairs: 50})
		double := pairs.Compare(one, two, pairs.Options{Pairs: 50})
		if same.Ratio > 0.95 && same.Ratio < 1.05 && double.Ratio > 1.9 && double.Ratio < 2.1 {
			return
		}
		if try == 5 {
			t.Fatalf("the same work: %.3f, twice the work: %.3f", same.Ratio, double.Ratio)
		}
	}
}
