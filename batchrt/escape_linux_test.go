// SPDX-License-Identifier: BSD-3-Clause

package batchrt

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestEscapeAnalysis asks the compiler what becomes of what is handed to
// constructors: it may go to the entry, and nowhere else.
func TestEscapeAnalysis(t *testing.T) {
	if testing.Short() {
		t.Skip()
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command")
	}
	for _, args := range [][]string{{}, {"-tags=batchrt_nolinkname"}} {
		cmd := exec.Command("go", append([]string{"test", "-c", "-o", "/dev/null", "-gcflags=-m"}, append(args, ".")...)...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
		}
		checkEscapes(t, strings.Join(args, " "), string(out))
	}
}

// Remarks on a parameter: it leaks to a result, or it just leaks.
var (
	remark  = regexp.MustCompile(`^\./([a-z_0-9]+\.go):(\d+):\d+: (.*)$`)
	leak    = regexp.MustCompile(`^leaking param(?: content)?: (\w+)$`)
	bounded = regexp.MustCompile(`^leaking param: \w+ to result ~?\w+ level=0$`)
	heap    = regexp.MustCompile(`moved to heap: `)
	stacked = regexp.MustCompile(`moved to heap: (ops|ar|a|b|c|buf|before|after)$`) // what the stress is about
)

func checkEscapes(t *testing.T, what, out string) {
	constructors, results := 0, 0
	for _, line := range strings.Split(out, "\n") {
		m := remark.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		file, text := m[1], m[3]
		generated := strings.HasPrefix(file, "zops_") && !strings.HasSuffix(file, "_test.go")
		switch {
		case generated && bounded.MatchString(text):
			results++
		case generated && text == "leaking param content: a":
			// What the arena points to is its piece of the heap.
		case generated && leak.MatchString(text), generated && heap.MatchString(text):
			t.Errorf("%s: %s", what, line)
		case (file == "op_fast.go" || file == "op_portable.go" || file == "run_fast.go" || file == "run_portable.go") && leak.MatchString(text):
			t.Errorf("%s: %s", what, line)
		case file == "escape_groups_test.go" && heap.MatchString(text),
			strings.HasPrefix(file, "stress_") && stacked.MatchString(text):
			t.Errorf("%s: %s", what, line)
		case generated && strings.HasPrefix(text, "can inline "):
			constructors++
		}
	}
	// The compiler's words could change: the good ones must be there.
	if results < 150 || constructors < 100 {
		t.Errorf("%s: the compiler remarked on %d parameters and %d functions only", what, results, constructors)
	}
}
