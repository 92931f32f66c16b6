// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64)

package main

import (
	"os/exec"
	"testing"
)

// TestConformance runs a few hundred programs on all executors. Many more:
// go run ./internal/conform -n N
func TestConformance(t *testing.T) {
	if testing.Short() {
		t.Skip()
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command")
	}
	if err := runParent(1_000_000, 300, []string{"reference", "emulator", "portable", "fake"}, "", nil); err != nil {
		t.Fatal(err)
	}
}

// TestPrograms sees that programs are the same each time, and that they reach
// every kind of call, reference and jump.
func TestPrograms(t *testing.T) {
	ops := make(map[string]bool)
	var refs, loads, backward, far int
	for i := int64(0); i < 20000; i++ {
		p, q := newProgram(i), newProgram(i)
		if len(p.steps) != len(q.steps) {
			t.Fatalf("program %d differs from itself", i)
		}
		for j, s := range p.steps {
			if s != q.steps[j] {
				t.Fatalf("program %d differs from itself at step %d", i, j)
			}
			ops[s.op] = true
			if s.ref && hasFD[s.op] {
				refs++
			}
			if s.ref && (s.fd >= j || !givesFD[p.steps[s.fd].op]) {
				t.Fatalf("program %d: step %d could get at a descriptor that is not its own", i, j)
			}
			if s.op == "load" {
				loads++
			}
			if s.jneg < 0 || s.jzero < 0 || s.jpos < 0 {
				backward++
			}
			if int(s.jpos) > len(p.steps) {
				far++
			}
		}
	}
	for _, k := range kinds {
		if !ops[k] {
			t.Errorf("no program has a %s", k)
		}
	}
	if refs < 2000 || loads < 200 || backward < 2000 || far < 400 {
		t.Errorf("references %d, loads %d, ends %d, far jumps %d", refs, loads, backward, far)
	}
}
