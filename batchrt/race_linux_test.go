// SPDX-License-Identifier: BSD-3-Clause

//go:build race

package batchrt

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// races are programs in which a call and another goroutine use the same memory
// without order between them; each plainly and in a batch.
var races = map[string]func(r, w int, buf []byte){
	"read plain": func(r, w int, buf []byte) { unix.Read(r, buf) },
	"read batch": func(r, w int, buf []byte) { Run([]Op{Read(r, buf)}) },
	"write plain": func(r, w int, buf []byte) {
		unix.Write(w, buf)
	},
	"write batch": func(r, w int, buf []byte) { Run([]Op{Getppid(), Write(w, buf)}) },
	"pread plain": func(r, w int, buf []byte) { unix.Pread(w, buf, 0) },
	"pread batch": func(r, w int, buf []byte) { Run([]Op{Pread(w, buf, 0)}) },
}

// TestRaceReports starts each of them as a program and sees what the detector
// says: the same of a batch as of the plain call.
func TestRaceReports(t *testing.T) {
	if name := os.Getenv("BATCHRT_RACE"); name != "" {
		race(t, races[name])
		return
	}
	found := 0
	for _, call := range []string{"read", "write", "pread"} {
		report := make(map[string]bool)
		for _, how := range []string{"plain", "batch"} {
			cmd := exec.Command(os.Args[0], "-test.run=^TestRaceReports$")
			cmd.Env = append(os.Environ(), "BATCHRT_RACE="+call+" "+how, "GORACE=exitcode=0")
			out, err := cmd.CombinedOutput()
			if err != nil && !strings.Contains(string(out), "race detected during execution of test") {
				t.Fatalf("%s %s: %v\n%s", call, how, err, out)
			}
			report[how] = strings.Contains(string(out), "WARNING: DATA RACE")
		}
		if report["plain"] != report["batch"] {
			t.Errorf("%s: a race is reported of the plain call: %v, of the batch: %v", call, report["plain"], report["batch"])
		}
		if report["plain"] {
			found++
		}
	}
	// x/sys tells the detector what read and write touch.
	if found < 2 {
		t.Errorf("only %d races were found at all", found)
	}
}

// race lets another goroutine write to the buffer beside the call.
func race(t *testing.T, call func(r, w int, buf []byte)) {
	r, w := pipe(t)
	if _, err := unix.Write(w, []byte("abc")); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 3)
	done := make(chan bool)
	go func() {
		buf[1]++
		close(done)
	}()
	call(r, w, buf)
	<-done
}
