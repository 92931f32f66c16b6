// SPDX-License-Identifier: BSD-3-Clause

// Package policy holds the module's list of calls against what the rest of
// the project believes: every call of both architectures has a verdict, and
// every possible entry is allowed or is left to the emulator for a reason.
package policy

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/autobatch/autobatch/internal/effects"
)

type verdict struct{ may, reason string }

// list reads calls.list.
func list(t *testing.T) map[string]verdict {
	t.Helper()
	data, err := os.ReadFile("../calls.list")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]verdict{}
	for i, line := range strings.Split(string(data), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.SplitN(line, " ", 3)
		switch {
		case len(f) < 2 || f[0] != "allow" && f[0] != "plain" && f[0] != "never":
			t.Fatalf("calls.list:%d: %q is not a verdict and a name", i+1, line)
		case f[0] != "allow" && len(f) < 3:
			t.Errorf("calls.list:%d: %s is refused without a reason", i+1, f[1])
		}
		if _, dup := out[f[1]]; dup {
			t.Errorf("calls.list:%d: %s is there twice", i+1, f[1])
		}
		v := verdict{may: f[0]}
		if len(f) == 3 {
			v.reason = f[2]
		}
		out[f[1]] = v
	}
	return out
}

var number = regexp.MustCompile(`(?m)^\s+SYS_(\w+)\s+= (\d+)$`)

// numbers reads the calls of an architecture from x/sys's table.
func numbers(t *testing.T, arch string) map[int]string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "golang.org/x/sys").Output()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "unix", "zsysnum_linux_"+arch+".go"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[int]string{}
	for _, m := range number.FindAllStringSubmatch(string(data), -1) {
		n, _ := strconv.Atoi(m[2])
		out[n] = strings.ToLower(m[1])
	}
	if len(out) < 300 {
		t.Fatalf("only %d calls found for %s", len(out), arch)
	}
	return out
}

// alias gives the kernel's name where x/sys writes another.
var alias = map[string]string{"fstatat": "newfstatat"}

func kernelName(n string) string {
	if a, ok := alias[n]; ok {
		return a
	}
	return n
}

func TestEveryCallHasAVerdict(t *testing.T) {
	verdicts := list(t)
	for _, arch := range []string{"amd64", "arm64"} {
		for nr, name := range numbers(t, arch) {
			v, ok := verdicts[kernelName(name)]
			if !ok && name == "arch_specific_syscall" {
				continue // a number range, not a call
			}
			if !ok {
				t.Errorf("%s: call %d, %s, is not in calls.list", arch, nr, name)
			}
			_ = v
		}
	}
}

func TestPossibleEntriesAreAllowedOrExplained(t *testing.T) {
	verdicts := list(t)
	for _, arch := range []string{"amd64", "arm64"} {
		names := numbers(t, arch)
		possible, allowed := 0, 0
		for _, f := range effects.All() {
			enc, ok := f.Linux[arch]
			if !f.Possible() || !ok {
				continue
			}
			possible++
			name, ok := names[enc.NR]
			if !ok {
				t.Errorf("%s: %s makes call %d, which x/sys does not name", arch, f.Name, enc.NR)
				continue
			}
			v := verdicts[kernelName(name)]
			switch v.may {
			case "allow":
				allowed++
			case "never":
				t.Errorf("%s: %s is a possible entry, but the module will never run %s: %s", arch, f.Name, name, v.reason)
			case "plain":
				t.Logf("%s: %s (%s) is left to the emulator: %s", arch, f.Name, name, v.reason)
			}
		}
		if allowed*10 < possible*8 {
			t.Errorf("%s: only %d of %d possible entries may run in the module", arch, allowed, possible)
		}
	}
}

// What is generated is what the list says, in the list's order.
func TestGeneratedHeader(t *testing.T) {
	data, err := os.ReadFile("../calls.h")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for name, v := range list(t) {
		if v.may != "plain" {
			want[name] = true
		}
	}
	got := regexp.MustCompile(`(?m)^\t__NR_(\w+),$`).FindAllStringSubmatch(string(data), -1)
	for _, m := range got {
		if !want[m[1]] {
			t.Errorf("calls.h has %s, calls.list does not: make -C module calls.h", m[1])
		}
		delete(want, m[1])
	}
	for name := range want {
		t.Errorf("calls.h lacks %s: make -C module calls.h", name)
	}
}
