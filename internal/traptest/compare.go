// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package traptest

import (
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// Compare returns "" when nobody could tell the two outcomes apart, else a
// text with one unified diff per thing that differs.
func Compare(original, rewritten *Outcome) string {
	var b strings.Builder
	if original.Exit != rewritten.Exit {
		fmt.Fprintf(&b, "exit status: %s, rewritten %s\n", original.Exit, rewritten.Exit)
	}
	section(&b, "stdout", original.Stdout, rewritten.Stdout)
	section(&b, "stderr", original.Stderr, rewritten.Stderr)
	x, y := laneTexts(original), laneTexts(rewritten)
	for _, l := range original.Lanes {
		section(&b, "calls of lane "+l.Name, x[l.Name], y[l.Name])
	}
	for _, l := range rewritten.Lanes {
		if _, ok := x[l.Name]; !ok {
			section(&b, "calls of lane "+l.Name, "", y[l.Name])
		}
	}
	return b.String()
}

func section(b *strings.Builder, what, x, y string) {
	if x == y {
		return
	}
	fmt.Fprintf(b, "%s:\n%s", what, diff.Diff("original", []byte(x), "rewritten", []byte(y)))
}

func laneTexts(o *Outcome) map[string]string {
	m := map[string]string{}
	for _, l := range o.Lanes {
		var b strings.Builder
		for _, e := range l.Events {
			b.WriteString(e.Text)
			b.WriteByte('\n')
		}
		m[l.Name] = b.String()
	}
	return m
}
