// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"strings"
	"testing"

	"github.com/autobatch/autobatch/internal/effects"
)

func TestOverlay(t *testing.T) {
	o, err := parseOverlay("x", "# head\n\ntopic file\nRead , x\n")
	if err == nil {
		t.Errorf("accepted %v", o)
	}
	o, err = parseOverlay("x", `
topic file
Fstat,Lstat  none stat:out
Close release
Flock both blocks nonneg man=flock(2)
SetsockoptInt none note: it is: exact
topic process
Set* never state: credentials: all of them
Setsid never wrapper: other
Setx* never device: longer
syscall.Dup2 release
`)
	if err != nil {
		t.Fatal(err)
	}
	if e := o.find("Lstat"); e == nil || e.dirs["stat"] != effects.Out || e.sync != effects.NoSync || e.topic != "file" || e.line != 3 {
		t.Errorf("Lstat: %+v", e)
	}
	o.exact["Fstat"].dirs["stat"] = effects.In
	if o.exact["Lstat"].dirs["stat"] != effects.Out {
		t.Error("names of one line share their directions")
	}
	if e := o.find("Flock"); e == nil || !e.blocks || !e.nonneg || e.man != "flock(2)" || e.sync != effects.Acquire|effects.Release {
		t.Errorf("Flock: %+v", e)
	}
	if e := o.find("SetsockoptInt"); e == nil || e.note != "it is: exact" {
		t.Errorf("SetsockoptInt: %+v", e)
	}
	if e := o.find("Setuid"); e == nil || e.reason != effects.ReasonState || e.why != "credentials: all of them" {
		t.Errorf("Setuid: %+v", e)
	}
	if e := o.find("Setsid"); e == nil || e.reason != effects.ReasonWrapper {
		t.Errorf("an exact name must beat a pattern: %+v", e)
	}
	if e := o.find("Setxattr"); e == nil || e.reason != effects.ReasonDevice {
		t.Errorf("the longer pattern must win: %+v", e)
	}
	if e := o.find("syscall.Dup2"); e == nil || e.sync != effects.Release {
		t.Errorf("syscall.Dup2: %+v", e)
	}
	if e := o.find("Dup2"); e != nil {
		t.Errorf("Dup2 is not listed, found %+v", e)
	}
}

func TestOverlayErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Close release", "x:1: Close comes before the first topic line"},
		{"topic nowhere", `x:1: unknown topic "nowhere"`},
		{"topic file\nClose", "x:2: nothing is said"},
		{"topic file\nClose blocks", "x:2: no sync class"},
		{"topic file\nClose none release", "x:2: two sync classes"},
		{"topic file\nRead none p:sideways", `x:2: unknown word "p:sideways"`},
		{"topic file\nRead none :in", `x:2: unknown word ":in"`},
		{"topic file\nRead none p:in p:out", "x:2: parameter p has two directions"},
		{"topic file\nRead none quickly", `x:2: unknown word "quickly"`},
		{"topic file\nRead none man=", "x:2: empty man="},
		{"topic file\nRead none note:", "x:2: empty note"},
		{"topic file\n\n# c\nread none", `x:4: "read" is not an exported function name`},
		{"topic file\nRead-Me none", `x:2: "Read-Me" is not an exported function name`},
		{"topic file\nRead,,Write none", "x:2: empty function name"},
		{"topic file\nRead* none", "x:2: Read*: a pattern may only say never"},
		{"topic file\nRead none\nRead none", "x:3: Read is already described in line 2"},
		{"topic file\nRead never", "x:2: "},
		{"topic file\nRead never state", `x:2: want "never REASON: why"`},
		{"topic file\nRead never state:  ", `x:2: want "never REASON: why"`},
		{"topic file\nRead never lazy: no", `x:2: unknown reason "lazy"`},
		{"topic file\nsyscall.Dup2 never state: no", "x:2: syscall.Dup2: what package syscall has on its own"},
	} {
		_, err := parseOverlay("x", c.text)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q: error %v, want %s", c.text, err, c.want)
		}
	}
}

// FuzzOverlay: the parser never panics, and what it accepts holds together.
func FuzzOverlay(f *testing.F) {
	// Short seeds: the fuzzer minimises what it finds, and long texts take it
	// minutes.
	f.Add("topic file\nA,B* never state: x\nC none p:in note: y\nsyscall.D both\n")
	f.Add("topic \x00\n,\n*\nsyscall. none\n")
	f.Fuzz(func(t *testing.T, text string) {
		o, err := parseOverlay("x", text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "x:") {
				t.Errorf("error without its line: %v", err)
			}
			return
		}
		for name, e := range o.exact {
			if e.name != name || e.line < 1 || e.topic == "" || o.find(name) != e || e.reason != "" && e.why == "" {
				t.Errorf("%q: %+v", name, e)
			}
		}
		for _, e := range o.prefixes {
			if e.reason == "" || !strings.HasSuffix(e.name, "*") {
				t.Errorf("pattern %+v", e)
			}
		}
	})
}
