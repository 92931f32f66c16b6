// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// batchrt runs the run-time library's own tests with the module there, and its
// random programs by reference interpreter, emulator and module; as root and
// as nobody side by side.
func batchrt() {
	var wg sync.WaitGroup
	for i, uid := range []int{0, nobody} {
		wg.Go(func() {
			ownTests(uid)
			conform(uid, param("seed")+i*1000000)
		})
	}
	wg.Wait()
}

// ownTests runs the tests of package batchrt and counts each test and subtest.
func ownTests(uid int) {
	args := []string{"-test.v", "-test.timeout=10m", "-batchrt.runs=" + strconv.Itoa(max(2000, param("programs")/10))}
	if param("programs") < 100000 {
		// Half of the time, and made without the module: its twin uses it.
		args = append(args, "-test.skip=^TestEveryConstructor$")
	}
	if params["run"] != "" {
		args = append(args, "-test.run="+params["run"])
	}
	cmd := command(uid, "batchrt.test", args...)
	cmd.Env = append(cmd.Env, "BATCH_VERBOSE=1")
	start := time.Now()
	data, err := cmd.CombinedOutput()
	out := string(data)
	passed, failed := 0, 0
	var said []string // by the test that runs
	for _, l := range strings.Split(out, "\n") {
		if strings.HasPrefix(l, "=== ") {
			said = nil
		}
		said = append(said, l)
		switch t := strings.TrimSpace(l); {
		case strings.HasPrefix(t, "--- PASS"):
			passed++
			var name string
			var took float64
			if fmt.Sscanf(t, "--- PASS: %s (%fs)", &name, &took); took > 3 {
				fmt.Printf("GUEST batchrt as %d: %s took %.1f s\n", uid, name, took)
			}
		case strings.HasPrefix(t, "--- FAIL"):
			failed++
			fmt.Printf("GUEST batchrt as %d: %s\n", uid, strings.Join(said[max(0, len(said)-20):], "\n"))
		case strings.HasPrefix(t, "--- SKIP"):
			fmt.Printf("GUEST batchrt as %d: %s\n", uid, t)
		}
	}
	fmt.Printf("GUEST batchrt as %d: %d passed, %d failed, %.1f s\n", uid, passed, failed, time.Since(start).Seconds())
	fmt.Printf("SUM tests=%d\n", passed+failed)
	if err != nil || passed == 0 || !strings.Contains(out, "batchrt: executor module (/dev/batch)\n") {
		lines := strings.Split(strings.TrimSpace(out), "\n")
		fail("batchrt as %d: %v\n%s", uid, err, strings.Join(lines[max(0, len(lines)-60):], "\n"))
	}
}

// conform runs random programs and demands the reference's results.
func conform(uid, seed int) {
	n := param("conform") / 2
	start := time.Now()
	data, err := command(uid, "conform", "-dir", "/tmp", "-n", strconv.Itoa(n), "-seed", strconv.Itoa(seed), "-exec", "reference,emulator,module").CombinedOutput()
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	last := lines[max(0, slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "RESULT ") }))]
	fmt.Printf("GUEST conform as %d: %s, %.1f s\n", uid, last, time.Since(start).Seconds())
	var programs, differences int
	var execs string
	if k, _ := fmt.Sscanf(last, "RESULT conformance programs=%d executors=%s differences=%d", &programs, &execs, &differences); k == 3 {
		fmt.Printf("SUM conform=%d\nSUM differences=%d\n", programs, differences)
	}
	if err != nil {
		fail("conform as %d: %v\n%s", uid, err, strings.Join(lines[max(0, len(lines)-60):], "\n"))
	}
}
