// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"os/exec"
	"testing"

	"github.com/autobatch/autobatch/batchrt"
)

// TestForms runs every form of every loop: they check themselves what they
// compute, must run batches, and not allocate more than the original where the
// work ahead is not in vain.
func TestForms(t *testing.T) {
	tables, err := prepare(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	batchrt.Counters()
	for _, tab := range tables {
		t.Run(tab.name, func(t *testing.T) {
			if len(tab.forms) != len(tab.columns)+1 {
				t.Fatalf("%d forms, %d columns", len(tab.forms), len(tab.columns))
			}
			for _, arg := range tab.args {
				before := testing.AllocsPerRun(5, func() { tab.forms[0](arg) })
				for i, f := range tab.forms[1:] {
					ran := batchrt.Counters().Batches
					after := testing.AllocsPerRun(5, func() { f(arg) })
					if arg > 0 && batchrt.Counters().Batches == ran {
						t.Errorf("%s, %d: no batch", tab.columns[i], arg)
					}
					if tab.line == "iterations" && after > before+chunks(arg) {
						t.Errorf("%s, %d: %v allocations, %v before", tab.columns[i], arg, after, before)
					}
				}
			}
		})
	}
}

// chunks is how many pieces of the heap an arena may take for the paths of a
// strip.
func chunks(n int) float64 {
	if n <= 4 {
		return 0
	}
	return 2
}

// TestGenerated demands that the generated files are what gen writes.
func TestGenerated(t *testing.T) {
	if out, err := exec.Command("go", "run", "./gen", "-check").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
