// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// bench prints two tables per kernel: what calls cost plainly and in batches,
// from C and from Go, and what the example programs do. Under TCG the unit is guest instructions (-icount,
// deterministic); where KVM works a second table gives nanoseconds.
func (h *harness) bench(only string, verbose bool) error {
	names := []string{"6.1/amd64", "6.12/amd64"}
	if only != "" {
		names = kernelNames(only)
	}
	for _, name := range names {
		k, err := h.kernel(name)
		if err != nil {
			return err
		}
		initrd, err := h.prepare(k)
		if err != nil {
			return err
		}
		defer os.Remove(initrd)
		v := h.benchVM(k, initrd, "bench", verbose)
		if err := v.table("guest instructions", h.only); err != nil {
			return err
		}
		if k.arch == "amd64" && h.kvmWorks(k, initrd) {
			v.icount, v.accel, v.cpus = false, "kvm", 1
			if err := v.table("nanoseconds", h.only); err != nil {
				return err
			}
		}
	}
	return nil
}

// benchVM is a machine that counts instructions.
func (h *harness) benchVM(k *kernel, initrd, mode string, verbose bool) *vm {
	v := &vm{kernel: k, initrd: initrd, icount: true, limit: 30 * time.Minute,
		log: filepath.Join(h.cache, "log", k.release+"."+mode+".log"), params: []string{"nokaslr", "batch.mode=" + mode, "batch.only=" + h.only}}
	if verbose {
		v.echo = os.Stderr
	}
	return v
}

var exampleLine = regexp.MustCompile(`(?m)^EXAMPLE (\d+) (\d+) (\d+) (.*)$`)

var benchLine = regexp.MustCompile(`(?m)^BENCH (c|go) (\S+) (\d+) (\d+) (\d+)$`)

// table boots the machine and prints what its benchmarks said, those of the
// steps in only, or all if that is empty.
func (v *vm) table(unit, only string) error {
	text, err := v.run()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, tail(text, 30))
	}
	rows, examples := benchLine.FindAllStringSubmatch(text, -1), exampleLine.FindAllStringSubmatch(text, -1)
	if strings.Contains(text, "BENCH error") || strings.Contains(text, "\nFAIL ") || only == "" && (len(rows) == 0 || len(examples) == 0) {
		return fmt.Errorf("the benchmark failed\n%s", tail(text, 30))
	}
	if len(rows) > 0 {
		fmt.Printf("\n%s, %s\n\n", v.kernel.release, unit)
		printBatches(rows)
	}
	if len(examples) > 0 {
		fmt.Printf("\n%s, %s of whole runs\n\n", v.kernel.release, unit)
		printExamples(examples)
	}
	return nil
}

// printBatches prints a column per batch size, the batch's cost and its ratio
// to the plain calls', and the straight line (fixed cost + cost per entry)
// through the larger sizes.
func printBatches(rows [][]string) {
	fmt.Print("| from | call | plain, each |")
	var sizes []string
	for _, r := range rows {
		if r[1] == rows[0][1] && r[2] == rows[0][2] {
			sizes = append(sizes, r[3])
			fmt.Printf(" N=%s |", r[3])
		}
	}
	fmt.Printf(" line |\n|---|---|---|%s---|\n", strings.Repeat("---|", len(sizes)))
	for i := 0; i+len(sizes) <= len(rows); i += len(sizes) {
		group := rows[i : i+len(sizes)]
		last := group[len(sizes)-1]
		fmt.Printf("| %s | %s | %.0f |", last[1], last[2], num(last[4])/num(last[3]))
		for _, r := range group {
			fmt.Printf(" %s (%.2f) |", r[5], num(r[5])/num(r[4]))
		}
		a, b := group[2], last
		slope := (num(b[5]) - num(a[5])) / (num(b[3]) - num(a[3]))
		fmt.Printf(" %.0f + %.0f N |\n", num(a[5])-slope*num(a[3]), slope)
	}
}

func printExamples(examples [][]string) {
	fmt.Print("| example | as written | emulator | module | module/emulator |\n|---|---|---|---|---|\n")
	for _, e := range examples {
		orig, emul, module := num(e[1]), num(e[2]), num(e[3])
		fmt.Printf("| %s | %.0f | %.0f (%.3f) | %.0f (%.3f) | %.3f |\n", shorten(e[4]), orig, emul, emul/orig, module, module/orig, module/emul)
	}
}

// shorten cuts a long command line.
func shorten(s string) string {
	if len(s) > 40 {
		s = s[:37] + "..."
	}
	return strings.ReplaceAll(s, "|", "/")
}

func num(s string) float64 {
	f, _ := strconv.ParseFloat(s, 64)
	return f
}
