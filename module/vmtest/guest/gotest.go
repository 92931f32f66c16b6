// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

// goTests runs the Go test binaries that the host put into /bin, with the
// module there, and counts each test and subtest.
func goTests() {
	bins, _ := filepath.Glob("/bin/*.test")
	for _, bin := range bins {
		for _, uid := range []int{0, nobody} {
			args := []string{"-test.v", "-test.timeout=10m"}
			if params["run"] != "" {
				args = append(args, "-test.run="+params["run"])
			}
			cmd := command(uid, filepath.Base(bin), args...)
			cmd.Env = append(cmd.Env, "BATCH_VERBOSE=1")
			start := time.Now()
			out, err := cmd.CombinedOutput()
			passed, failed := 0, 0
			for _, l := range strings.Split(string(out), "\n") {
				switch t := strings.TrimSpace(l); {
				case strings.HasPrefix(t, "--- PASS"):
					passed++
				case strings.HasPrefix(t, "--- FAIL"):
					failed++
				}
			}
			fmt.Printf("GUEST %s as %d: %d passed, %d failed, %.1f s\n", filepath.Base(bin), uid, passed, failed, time.Since(start).Seconds())
			fmt.Printf("SUM tests=%d\n", passed+failed)
			if err != nil || passed == 0 {
				lines := strings.Split(strings.TrimSpace(string(out)), "\n")
				fmt.Println(strings.Join(lines[max(0, len(lines)-60):], "\n"))
				fail("%s as %d: %v", filepath.Base(bin), uid, err)
			}
		}
	}
}
