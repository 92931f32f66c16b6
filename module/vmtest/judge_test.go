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

const (
	firstReport  = "boot\nSUM tests=3\nSUM failed=0\nSUM programs=60\nSUM programs=40\nSUM conform=7\nSUM differences=0\nSUM fuzz=2\nSUM dmesg clean\nSUM end\n"
	secondReport = "boot\nSUM tests=2\nSUM cycles=1\nSUM dmesg clean\nSUM end\n"
)

// Reports that lack anything, or have anything bad in them, are not accepted.
func TestJudge(t *testing.T) {
	k := &kernel{release: "6.0-test", arch: "amd64"}
	p := plan{programs: 100, conform: 7, fuzz: 2, cycles: 1}
	good := []string{firstReport, secondReport}
	line, err := judge(k, p, good)
	const want = "RESULT kernel=6.0-test arch=amd64 tests=5 programs=100 differences=0 fuzz_s=2 dmesg=clean"
	if err != nil || line != want {
		t.Fatalf("good reports: %q, %v", line, err)
	}
	if err := judgePart(good); err != nil {
		t.Fatalf("good reports of a part: %v", err)
	}
	for i, report := range good {
		changed := func(old, text string) []string {
			c := []string{firstReport, secondReport}
			if c[i] = strings.Replace(report, old, text, 1); c[i] == report {
				return nil
			}
			return c
		}
		for _, cut := range []string{"SUM programs=40\n", "SUM conform=7\n", "SUM fuzz=2\n", "SUM cycles=1\n", "SUM dmesg clean\n", "SUM end\n"} {
			if c := changed(cut, ""); c != nil {
				if _, err := judge(k, p, c); err == nil {
					t.Errorf("accepted without %q in %d", cut, i)
				}
			}
		}
		for _, bad := range []string{"FAIL something\n", "SUM failed=1\n", "SUM differences=1\n"} {
			if _, err := judge(k, p, changed("SUM end\n", bad+"SUM end\n")); err == nil {
				t.Errorf("accepted with %q in %d", bad, i)
			}
		}
		for _, bad := range []string{"FAIL something\n", "DIFFERENCE x\n", "DMESG x\n"} {
			if err := judgePart(changed("SUM end\n", bad+"SUM end\n")); err == nil {
				t.Errorf("a part accepted with %q in %d", bad, i)
			}
		}
	}
	if _, err := judge(k, p, []string{strings.ReplaceAll(firstReport, "SUM tests=3\n", ""), strings.ReplaceAll(secondReport, "SUM tests=2\n", "")}); err == nil {
		t.Error("accepted without a test")
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

// Every fault of the seed has a test, and every test that faults.list names is
// run by the program it names.
func TestFaultsHaveTests(t *testing.T) {
	const tests = "../tests"
	list, err := os.ReadFile(filepath.Join(tests, "faults.list"))
	if err != nil {
		t.Fatal(err)
	}
	faults, named := 0, 0
	for _, l := range strings.Split(string(list), "\n") {
		f := strings.Fields(l)
		switch {
		case l == "" || l[0] == '#':
		case l[0] != '\t':
			if faults > 0 && named == 0 {
				t.Errorf("the fault before %q has no test", l)
			}
			faults, named = faults+1, 0
		case len(f) == 2:
			named++
			src, err := os.ReadFile(filepath.Join(tests, f[0]+".c"))
			if err != nil || !strings.Contains(string(src), "\n\tTEST("+f[1]+");\n") {
				t.Errorf("%s does not run %s (%v)", f[0], f[1], err)
			}
		default:
			t.Errorf("what is %q?", l)
		}
	}
	if faults < 13 || named == 0 {
		t.Errorf("only %d faults are listed, the last with %d tests", faults, named)
	}
}

// The sign is seen in whatever pieces the line comes, and only as a line's start.
func TestSignWatch(t *testing.T) {
	for text, want := range map[string]bool{"a\nGUEST up\r\n": true, "GUEST up\n": true, "say GUEST up\n": false, "GUEST u": false} {
		for size := 1; size <= len(text); size++ {
			w := &signWatch{sign: startSign}
			for at := 0; at < len(text); at += size {
				w.Write([]byte(text[at:min(at+size, len(text))]))
			}
			if w.seen.Load() != want {
				t.Errorf("%q in pieces of %d: %v", text, size, !want)
			}
		}
	}
}
