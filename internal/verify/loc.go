// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"go/types"
	"strings"
)

// loc is a place in memory: a variable or a part of it, or memory that a
// pointer or slice leads to.
type loc struct {
	root string   // the variable, or the one that holds the pointer; "" = unknown pointer
	mem  bool     // behind the pointer in root
	path []string // field names and constant indexes ("[3]"); "[*]" any index
	// mapped: a file or another process may be behind the memory, for all that
	// is known. Go does not allow pointers to its own objects in such memory, so
	// what holds any is not.
	mapped bool
	typ    types.Type // of what is read or written there; nil if unknown
}

// unknown is memory behind some pointer.
var unknown = loc{mem: true, mapped: true}

func (l loc) String() string {
	s, _, _ := strings.Cut(l.root, "·")
	if i := strings.LastIndexByte(s, '"'); i >= 0 { // of a package
		s = strings.TrimPrefix(s[i+1:], ".")
	}
	if l.mem {
		s = "*" + s
	}
	return s + strings.Join(l.path, "")
}

func (l loc) field(name string) loc {
	l.path = append(l.path[:len(l.path):len(l.path)], name)
	return l
}

// overlap reports whether two paths from the same place may lead to the same
// memory: the shorter contains the longer, unless they part before.
func overlap(a, b []string) bool {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] && !someIndex(a[i], b[i]) {
			return false
		}
	}
	return true
}

// someIndex reports whether two different steps may lead to the same element:
// unless both are numbers, or both are the same variable in two iterations of
// the loop that counts with it.
func someIndex(a, b string) bool {
	if a[0] != '[' || b[0] != '[' {
		return false
	}
	va, vb := strings.Contains(a, "@"), strings.Contains(b, "@")
	switch {
	case a == "[*]" || b == "[*]":
		return true
	case va && vb:
		return baseOf(a) != baseOf(b)
	}
	return va || vb
}

// baseOf is the name of a variable without the iteration that it is of.
func baseOf(name string) string {
	b, _, _ := strings.Cut(name, "@")
	return b
}

// mayAlias reports whether two places may share memory.
func (f *facts) mayAlias(a, b loc) bool {
	switch {
	case a.root == deferred || b.root == deferred || a.root == output || b.root == output:
		return a.root == b.root
	case !a.mem && !b.mem:
		return a.root == b.root && overlap(a.path, b.path)
	case a.mem && b.mem:
		if a.root != "" && a.root == b.root && f.stable(a.root) {
			return overlap(a.path, b.path)
		}
		if a.root != b.root && (f.confined(a.root) || f.confined(b.root)) {
			return false
		}
		return f.unsafe || !apart(a.typ, b.typ)
	case a.mem:
		return f.foreign(b.root) && !f.confined(a.root) && (f.unsafe || !apart(a.typ, b.typ))
	default:
		return f.foreign(a.root) && !f.confined(b.root) && (f.unsafe || !apart(a.typ, b.typ))
	}
}

// apart reports whether places of the two types cannot overlap: where package
// unsafe is not at work, a piece of memory has one type, and lies inside of
// another only if that one's type says so.
func apart(a, b types.Type) bool {
	return a != nil && b != nil && !holds(a, b, 8) && !holds(b, a, 8)
}

// holds reports whether a value of type t may have one of type u in its own
// storage. Pointers can be converted between types of the same shape, so names
// do not count; integers are not told apart.
func holds(t, u types.Type, depth int) bool {
	for _, x := range []types.Type{t, u} {
		if _, ok := types.Unalias(x).(*types.TypeParam); ok {
			return true
		}
	}
	t, u = t.Underlying(), u.Underlying()
	if depth == 0 || types.IdenticalIgnoreTags(t, u) {
		return true
	}
	for _, x := range []types.Type{t, u} {
		if b, ok := x.(*types.Basic); ok && b.Kind() == types.Invalid {
			return true
		}
	}
	switch t := t.(type) {
	case *types.Basic:
		return basic(t, types.IsInteger) && basic(u, types.IsInteger)
	case *types.Struct:
		for f := range t.Fields() {
			if holds(f.Type(), u, depth-1) {
				return true
			}
		}
	case *types.Array:
		return holds(t.Elem(), u, depth-1)
	}
	return false
}

// same reports whether two places are certainly the same.
func (f *facts) same(a, b loc) bool {
	if a.root == "" || a.root != b.root || a.mem != b.mem || len(a.path) != len(b.path) {
		return false
	}
	for i := range a.path {
		if a.path[i] != b.path[i] || a.path[i] == "[*]" {
			return false
		}
	}
	return !a.mem || f.stable(a.root)
}

// isShared reports whether other goroutines may touch the place.
func (f *facts) isShared(l loc) bool {
	if l.root == deferred || l.root == output {
		return false
	}
	if f.assume["unshared"] && (l.mem || f.global(l.root)) {
		return false
	}
	return f.reached(l)
}

// reached reports whether other code has a way to the place.
func (f *facts) reached(l loc) bool {
	return l.mem && !f.confined(l.root) || !l.mem && f.shared(l.root)
}

// onUnwind reports whether the place can be seen when the function panics.
func (f *facts) onUnwind(l loc) bool {
	return l.root == deferred || l.root == output || f.reached(l) || f.deferred[baseOf(l.root)] || f.results[baseOf(l.root)]
}
