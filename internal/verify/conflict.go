// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"fmt"

	"github.com/autobatch/autobatch/internal/effects"
)

// conflict says why actions i and j of a trace, i before j, may not change
// places; "" if they may.
func (f *facts) conflict(t []*action, i, j int) string {
	a, b := t[i], t[j]
	// Anything may be in other code, and whatever was done is seen at an exit.
	for _, p := range [2][2]*action{{a, b}, {b, a}} {
		x, y := p[0], p[1]
		if x.kind == exit {
			return fmt.Sprintf("%s is not on the same side of %s", y.text, x.text)
		}
		if x.kind == opaque && f.outOfReach(x, y) {
			return ""
		}
		if x.kind == opaque {
			return fmt.Sprintf("%s moves over %s", y.text, x.text)
		}
	}
	if a.kind == call && b.kind == call {
		return fmt.Sprintf("%s and %s change places", a.text, b.text)
	}
	if why := f.panicConflict(a, b); why != "" {
		return why
	}
	if why := f.dataConflict(a, b); why != "" {
		return why
	}
	if why := mappedConflict(a, b); why != "" && !f.assume["unmapped"] {
		return why
	}
	return f.syncConflict(t, i, j)
}

// outOfReach reports whether other code has no way to what y reads and writes:
// variables that nothing has the address of, that no function literal uses, and
// that the code does not name, or only reads. y must not panic, and what it
// writes must not be seen if the code does.
func (f *facts) outOfReach(other, y *action) bool {
	if y.kind != evaluate && y.kind != compute || y.panics != "" {
		return false
	}
	own := func(l loc) bool {
		return l.root != "" && !l.mem && !f.foreign(l.root) && !f.captured(l.root) && !f.deferred[baseOf(l.root)]
	}
	for _, l := range y.reads {
		if !own(l) || other.sets[l.root] {
			return false
		}
	}
	for _, l := range y.writes {
		if !own(l) || other.names[l.root] || f.onUnwind(l) {
			return false
		}
	}
	return true
}

// mappedConflict: memory that may be mapped is written in order with all
// calls, for they may read the file; and read in order with those that change
// files.
func mappedConflict(a, b *action) string {
	for _, p := range [2][2]*action{{a, b}, {b, a}} {
		x, y := p[0], p[1]
		if x.kind != call {
			continue
		}
		for _, l := range y.writes {
			if l.mapped {
				return fmt.Sprintf("%s moves over %s, and %s may be in memory that a file is mapped to", y.text, x.text, l)
			}
		}
		if !x.sys.raw && !x.sys.row.WritesFiles() {
			continue
		}
		for _, l := range y.reads {
			if l.mapped {
				return fmt.Sprintf("%s moves over %s, and %s may be in memory that a file is mapped to", y.text, x.text, l)
			}
		}
	}
	return ""
}

// panicConflict: what may panic stays in order with all that can be seen
// after a panic.
func (f *facts) panicConflict(a, b *action) string {
	for _, p := range [2][2]*action{{a, b}, {b, a}} {
		x, y := p[0], p[1]
		if x.panics == "" {
			continue
		}
		if y.kind == call || y.kind == opaque || y.panics != "" {
			return fmt.Sprintf("%s moves over %s, and %s", x.text, y.text, x.panics)
		}
		for _, w := range y.writes {
			if f.onUnwind(w) {
				return fmt.Sprintf("%s moves over %s, and %s", x.text, y.text, x.panics)
			}
		}
	}
	return ""
}

// dataConflict: no two actions change places of which one writes what the
// other reads or writes.
func (f *facts) dataConflict(a, b *action) string {
	for _, p := range [2][2]*action{{a, b}, {b, a}} {
		x, y := p[0], p[1]
		for _, w := range x.writes {
			for _, l := range append(y.reads[:len(y.reads):len(y.reads)], y.writes...) {
				if f.mayAlias(w, l) {
					return fmt.Sprintf("%s moves over %s, which may write the same memory (%s)", y.text, x.text, l)
				}
			}
		}
	}
	return ""
}

// syncConflict: memory that others can see is touched on the same side of a
// call that synchronises. Loads may move up over a release, and a load may
// move up over an acquire if the same place was already read since the last
// release: nobody can have been told to write it since.
func (f *facts) syncConflict(t []*action, i, j int) string {
	a, b := t[i], t[j]
	switch {
	case a.kind == call:
		for _, l := range b.writes {
			if f.isShared(l) && (a.sys.sync != effects.NoSync || a.sys.blocks) {
				return fmt.Sprintf("%s moves up over %s, which synchronises with others", b.text, a.text)
			}
		}
		if a.sys.sync&effects.Acquire == 0 {
			return ""
		}
		for _, l := range b.reads {
			if f.isShared(l) && !f.readBefore(t, i, j, l) {
				return fmt.Sprintf("%s is read before %s has returned, which may wait for others that write it", l, a.text)
			}
		}
	case b.kind == call:
		if b.sys.sync == effects.NoSync && !b.sys.blocks {
			return ""
		}
		for _, l := range append(a.reads[:len(a.reads):len(a.reads)], a.writes...) {
			if f.isShared(l) {
				return fmt.Sprintf("%s moves down over %s, which synchronises with others", a.text, b.text)
			}
		}
	}
	return ""
}

// readBefore reports whether the place l, read by action j, was already read
// before action i, and neither written nor let go of since.
func (f *facts) readBefore(t []*action, i, j int, l loc) bool {
	from := -1
	for k := range i {
		for _, r := range t[k].reads {
			if t[k].kind == evaluate && f.same(r, l) {
				from = k
			}
		}
	}
	if from < 0 {
		return false
	}
	for _, x := range t[from+1 : j] {
		if x.kind == opaque || x.kind == call && x.sys.sync&effects.Release != 0 {
			return false
		}
		for _, w := range x.writes {
			if f.mayAlias(w, l) {
				return false
			}
		}
	}
	return true
}
