// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64)

// Command stress runs batchrt's test of moving stacks and a restless
// collector (TestStress) many times in every way in which the compiler can
// build it and the runtime can be made to look for trouble. Run it in
// batchrt's directory:
//
//	go run ./internal/stress [-runs n] [-only text] [-newest go1.X.Y]
//
// For each mode a line tells the number of runs and of corruptions; the last
// line is
//
//	RESULT stress modes=M runs=N corruptions=C
//
// First comes a control: addresses are taken before the stack moves, as an
// entry of plain numbers would have them. It must fail.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// mode is one way to build and run the test.
type mode struct {
	name      string
	build     []string // flags of go test -c
	debug     string   // GODEBUG
	toolchain string   // GOTOOLCHAIN
}

var modes = []mode{
	{name: "plain"},
	{name: "race", build: []string{"-race"}},
	{name: "portable", build: []string{"-tags=batchrt_nolinkname"}},
	{name: "-d=checkptr=2", build: []string{"-gcflags=all=-d=checkptr=2"}},
	{name: "-l", build: []string{"-gcflags=all=-l"}},
	{name: "-N -l", build: []string{"-gcflags=all=-N -l"}},
	{name: "efence=1", debug: "efence=1"},
	{name: "clobberfree=1", debug: "clobberfree=1"},
	{name: "gccheckmark=1", debug: "gccheckmark=1"},
	{name: "gcstoptheworld=1", debug: "gcstoptheworld=1"},
	{name: "gcstoptheworld=2", debug: "gcstoptheworld=2"},
	{name: "gcshrinkstackoff=1", debug: "gcshrinkstackoff=1"},
	{name: "asyncpreemptoff=1", debug: "asyncpreemptoff=1"},
}

func main() {
	runs := flag.Int("runs", 500_000, "`number` of runs in each mode")
	only := flag.String("only", "", "modes whose name contains `text`")
	newest := flag.String("newest", "", "Go `release` to test with as well, fetched if it is not there")
	flag.Parse()
	if *newest != "" {
		modes = append(modes, mode{name: *newest, toolchain: *newest},
			mode{name: *newest + " -race", toolchain: *newest, build: []string{"-race"}})
	}
	if err := run(*runs, *only); err != nil {
		fmt.Fprintln(os.Stderr, "stress:", err)
		os.Exit(1)
	}
}

func run(runs int, only string) error {
	dir, err := os.MkdirTemp("", "stress")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := control(dir); err != nil {
		return err
	}
	done, bad := 0, 0
	for _, m := range modes {
		if !strings.Contains(m.name, only) {
			continue
		}
		binary := filepath.Join(dir, "test")
		if err := m.compile(binary); err != nil {
			return fmt.Errorf("%s: %v", m.name, err)
		}
		start := time.Now()
		cmd := exec.Command(binary, "-test.run=^TestStress$", "-test.timeout=0", fmt.Sprintf("-batchrt.runs=%d", runs))
		cmd.Env = append(os.Environ(), "GODEBUG="+m.debug)
		out, err := cmd.CombinedOutput()
		verdict := "corruptions=0"
		if err != nil {
			verdict = fmt.Sprintf("corruptions>0: %v\n%s", err, out)
			bad++
		}
		fmt.Printf("%-20s runs=%d %s (%v)\n", m.name, runs, verdict, time.Since(start).Round(time.Second))
		done++
	}
	fmt.Printf("RESULT stress modes=%d runs=%d corruptions=%d\n", done, runs, bad)
	if bad > 0 {
		return fmt.Errorf("%d modes failed", bad)
	}
	return nil
}

func (m mode) compile(binary string) error {
	cmd := exec.Command("go", append(append([]string{"test", "-c", "-o", binary}, m.build...), ".")...)
	if m.toolchain != "" {
		cmd.Env = append(os.Environ(), "GOTOOLCHAIN="+m.toolchain)
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%v\n%s", err, out)
	}
	return nil
}

// control sees that the test notices what it is there to notice.
func control(dir string) error {
	binary := filepath.Join(dir, "control")
	if err := (mode{}).compile(binary); err != nil {
		return err
	}
	cmd := exec.Command(binary, "-test.run=^TestStress$", "-batchrt.runs=20000", "-batchrt.early")
	out, err := cmd.CombinedOutput()
	if err == nil {
		return fmt.Errorf("addresses that are taken too early were not noticed:\n%s", out)
	}
	fmt.Println("control: addresses taken too early are noticed")
	return nil
}
