// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const goodReport = "boot\nSUM tests=5\nSUM failed=0\nSUM programs=60\nSUM programs=40\nSUM conform=7\nSUM differences=0\nSUM fuzz=2\nSUM cycles=1\nSUM dmesg clean\nSUM end\n"

// A report that lacks anything, or has anything bad in it, is not accepted.
func TestJudge(t *testing.T) {
	k := &kernel{release: "6.0-test", arch: "amd64"}
	p := plan{programs: 100, conform: 7, fuzz: 2, cycles: 1}
	line, err := judge(k, p, goodReport)
	const want = "RESULT kernel=6.0-test arch=amd64 tests=5 programs=100 differences=0 fuzz_s=2 dmesg=clean"
	if err != nil || line != want {
		t.Fatalf("good report: %q, %v", line, err)
	}
	for _, cut := range []string{"SUM tests=5\n", "SUM programs=40\n", "SUM conform=7\n", "SUM fuzz=2\n", "SUM cycles=1\n", "SUM dmesg clean\n", "SUM end\n"} {
		if _, err := judge(k, p, strings.Replace(goodReport, cut, "", 1)); err == nil {
			t.Errorf("accepted without %q", cut)
		}
	}
	for _, bad := range []string{"FAIL something\n", "SUM failed=1\n", "SUM differences=1\n"} {
		if _, err := judge(k, p, strings.Replace(goodReport, "SUM end\n", bad+"SUM end\n", 1)); err == nil {
			t.Errorf("accepted with %q", bad)
		}
	}
}

// What the writer writes, cpio reads.
func TestCpio(t *testing.T) {
	if _, err := exec.LookPath("cpio"); err != nil {
		t.Skip("no cpio on this machine; the test machines' kernels read the format in every run")
	}
	dir := t.TempDir()
	src := filepath.Join(dir, "src")
	data := bytes.Repeat([]byte("abc"), 1001)
	if err := os.WriteFile(src, data, 0o644); err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	c := &cpioWriter{w: &buf}
	c.dir("d")
	c.file("d/file", src)
	c.link("l", "d/file")
	if err := c.close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("cpio", "-id", "--quiet")
	cmd.Dir, cmd.Stdin = t.TempDir(), &buf
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("cpio: %v: %s", err, out)
	}
	got, err := os.ReadFile(filepath.Join(cmd.Dir, "l"))
	if err != nil || !bytes.Equal(got, data) {
		t.Errorf("the file came back as %d bytes, %v", len(got), err)
	}
}
