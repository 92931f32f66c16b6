// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"strings"
	"testing"

	"github.com/autobatch/autobatch/internal/effects"
)

// TestCurrent fails when a generated file is not what the table says.
func TestCurrent(t *testing.T) {
	if err := run("../../..", true); err != nil {
		t.Error(err)
	}
}

func TestConstraint(t *testing.T) {
	all := map[string][]string{"linux": {"386", "amd64"}, "android": {"386", "amd64"}, "darwin": {"amd64", "arm64"},
		"ios": {"arm64"}, "freebsd": {"amd64"}}
	for _, c := range []struct{ ports, want string }{
		{"linux/386 linux/amd64 android/386 android/amd64", "linux"},
		{"linux/386 linux/amd64", "(linux && !android)"},
		{"linux/amd64 android/amd64 freebsd/amd64", "freebsd || (linux && (amd64))"},
		{"darwin/amd64 darwin/arm64 ios/arm64", "darwin"},
		{"darwin/amd64 darwin/arm64", "(darwin && !ios)"},
	} {
		if got := constraint(strings.Fields(c.ports), all); got != c.want {
			t.Errorf("%s: %s, want %s", c.ports, got, c.want)
		}
	}
}

// TestUnsupported sees that a row that an entry cannot hold is an error, not a
// wrong constructor.
func TestUnsupported(t *testing.T) {
	word := func(k effects.WordKind, p int) effects.Word { return effects.Word{Kind: k, Param: p} }
	ptr := effects.Param{Name: "p", Type: "*int64", Kind: effects.Pointer}
	num := effects.Param{Name: "n", Type: "int", Kind: effects.Integer}
	for name, f := range map[string]*effects.Func{
		"four pointers": {Params: []effects.Param{ptr, ptr, ptr, ptr}, Linux: map[string]effects.Enc{"amd64": {Words: []effects.Word{
			word(effects.WordPtr, 0), word(effects.WordPtr, 1), word(effects.WordPtr, 2), word(effects.WordPtr, 3)}}}},
		"two values by address": {Params: []effects.Param{num, num}, Linux: map[string]effects.Enc{"amd64": {Words: []effects.Word{
			word(effects.WordImm, 0), word(effects.WordImm, 1)}}}},
		"seven registers": {Params: []effects.Param{num}, Linux: map[string]effects.Enc{"amd64": {Words: make([]effects.Word, 7)}}},
		"negative number": {Linux: map[string]effects.Enc{"amd64": {NR: -1}}},
		"an interface":    {Params: []effects.Param{{Name: "x", Type: "any", Kind: effects.Other}}},
		"other results":   {Result: effects.ResOther},
	} {
		if supported(f) == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
