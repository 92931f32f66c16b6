// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/autobatch/autobatch/internal/effects"
)

// entry is one overlay line, for one function.
type entry struct {
	name   string // may end in * for a never line
	line   int
	topic  string
	dirs   map[string]effects.Dir
	sync   effects.Sync
	blocks bool
	nonneg bool
	man    string
	given  []given
	note   string // why a wrapper beyond a plain forwarder is reproduced exactly
	reason effects.Reason
	why    string
	used   bool
}

// overlay is the parsed file: exact names and prefixes.
type overlay struct {
	exact    map[string]*entry
	prefixes []*entry
}

// given is a condition on a parameter: what is demanded of its constant.
type given struct {
	param string
	not   bool
	value int64
}

// parseGiven reads PARAM=N or PARAM!=N.
func parseGiven(word string) (g given, ok bool, err error) {
	g.param, word, ok = strings.Cut(word, "=")
	if !ok {
		return g, false, nil
	}
	g.param, g.not = strings.CutSuffix(g.param, "!")
	g.value, err = strconv.ParseInt(word, 0, 64)
	return g, g.param != "", err
}

// ownPrefix marks a function of package syscall that makes another call than
// x/sys's function of that name.
const ownPrefix = "syscall."

// topics are the groups of the documentation, in its order.
var topics = []string{"file", "path", "dir", "xattr", "socket", "memory", "time", "process", "event", "mount", "key", "module", "misc"}

var dirWords = map[string]effects.Dir{"in": effects.In, "out": effects.Out, "inout": effects.InOut}

var syncWords = map[string]effects.Sync{"none": effects.NoSync, "acquire": effects.Acquire,
	"release": effects.Release, "both": effects.Acquire | effects.Release}

// parseOverlay parses the overlay; file names it in errors. Its format is
// described at the top of overlay.txt. The first error ends the parse and
// names the line.
func parseOverlay(file, text string) (*overlay, error) {
	o := &overlay{exact: map[string]*entry{}}
	topic := ""
	for i, line := range strings.Split(text, "\n") {
		errorf := func(format string, args ...any) error {
			return fmt.Errorf("%s:%d: %s", file, i+1, fmt.Sprintf(format, args...))
		}
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		head, rest, _ := strings.Cut(line, " ")
		rest = strings.TrimSpace(rest)
		if head == "topic" {
			if !contains(topics, rest) {
				return nil, errorf("unknown topic %q; one of %s", rest, strings.Join(topics, " "))
			}
			topic = rest
			continue
		}
		if topic == "" {
			return nil, errorf("%s comes before the first topic line", head)
		}
		proto := entry{line: i + 1, topic: topic, dirs: map[string]effects.Dir{}, sync: effects.Acquire | effects.Release}
		if err := proto.attributes(rest); err != nil {
			return nil, errorf("%v", err)
		}
		for _, name := range strings.Split(head, ",") {
			e := proto
			e.name, e.dirs = name, maps.Clone(proto.dirs)
			if err := o.add(&e); err != nil {
				return nil, errorf("%v", err)
			}
		}
	}
	return o, nil
}

func (o *overlay) add(e *entry) error {
	stem := strings.TrimSuffix(e.name, "*")
	own := strings.HasPrefix(stem, ownPrefix)
	stem = strings.TrimPrefix(stem, ownPrefix)
	for i, r := range stem {
		letter := r >= 'A' && r <= 'Z' || i > 0 && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_')
		if !letter {
			return fmt.Errorf("%q is not an exported function name", e.name)
		}
	}
	if stem == "" {
		return fmt.Errorf("empty function name")
	}
	if own && e.reason != "" {
		return fmt.Errorf("%s: what package syscall has on its own is never an entry unless listed as one", e.name)
	}
	if strings.HasSuffix(e.name, "*") {
		if e.reason == "" {
			return fmt.Errorf("%s: a pattern may only say never: possible entries are named one by one", e.name)
		}
		o.prefixes = append(o.prefixes, e)
		return nil
	}
	if old := o.exact[e.name]; old != nil {
		return fmt.Errorf("%s is already described in line %d", e.name, old.line)
	}
	o.exact[e.name] = e
	return nil
}

// attributes parses what follows the names.
func (e *entry) attributes(s string) error {
	if rest, ok := strings.CutPrefix(s, "never "); ok {
		reason, why, ok := strings.Cut(rest, ":")
		if !ok || strings.TrimSpace(why) == "" {
			return fmt.Errorf(`want "never REASON: why", have %q`, s)
		}
		reason = strings.TrimSpace(reason)
		if effects.Reasons[effects.Reason(reason)] == "" {
			return fmt.Errorf("unknown reason %q", reason)
		}
		e.reason, e.why = effects.Reason(reason), strings.TrimSpace(why)
		return nil
	}
	if s == "" {
		return fmt.Errorf("nothing is said about the function: at least its sync class (none, acquire, release, both) or never")
	}
	hasSync := false
	for s != "" {
		var word string
		word, s, _ = strings.Cut(s, " ")
		s = strings.TrimSpace(s)
		if sy, ok := syncWords[word]; ok {
			if hasSync {
				return fmt.Errorf("two sync classes")
			}
			e.sync, hasSync = sy, true
			continue
		}
		switch {
		case word == "blocks":
			e.blocks = true
		case word == "nonneg":
			e.nonneg = true
		case word == "note:":
			if s == "" {
				return fmt.Errorf("empty note")
			}
			e.note, s = s, ""
		case strings.HasPrefix(word, "man="):
			if e.man = word[len("man="):]; e.man == "" {
				return fmt.Errorf("empty man=")
			}
		default:
			if g, ok, err := parseGiven(word); ok {
				if err != nil {
					return fmt.Errorf("want PARAM=N or PARAM!=N with a number, have %q", word)
				}
				e.given = append(e.given, g)
				continue
			}
			p, d, ok := strings.Cut(word, ":")
			dir, known := dirWords[d]
			if !ok || !known || p == "" {
				return fmt.Errorf("unknown word %q; want none, acquire, release, both, blocks, nonneg, man=PAGE, PARAM:in, PARAM:out, PARAM:inout, PARAM=N, PARAM!=N, note: TEXT or never REASON: WHY", word)
			}
			if _, dup := e.dirs[p]; dup {
				return fmt.Errorf("parameter %s has two directions", p)
			}
			e.dirs[p] = dir
		}
	}
	if !hasSync {
		return fmt.Errorf("no sync class: none, acquire, release or both")
	}
	return nil
}

// find returns the entry for name, an exact one first, then the longest
// prefix, or nil.
func (o *overlay) find(name string) *entry {
	if e := o.exact[name]; e != nil {
		e.used = true
		return e
	}
	var best *entry
	for _, e := range o.prefixes {
		if strings.HasPrefix(name, strings.TrimSuffix(e.name, "*")) && (best == nil || len(e.name) > len(best.name)) {
			best = e
		}
	}
	if best != nil {
		best.used = true
	}
	return best
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
