// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"sort"
	"strings"

	"github.com/autobatch/autobatch/internal/effects"
)

// ownRows makes the rows for functions of package syscall that make another
// call than x/sys's function of that name (overlay lines "syscall.NAME"). Only
// those worth having are listed; the others are simply not found by Lookup.
func (m *maker) ownRows(list []*row) (own []*row) {
	byName := map[string]*row{}
	for _, r := range list {
		byName[r.Name] = r
	}
	var lines []*entry
	for n, e := range m.overlay.exact {
		if strings.HasPrefix(n, ownPrefix) {
			lines = append(lines, e)
		}
	}
	sort.Slice(lines, func(i, j int) bool { return lines[i].name < lines[j].name })
	for _, e := range lines {
		name := strings.TrimPrefix(e.name, ownPrefix)
		if r := byName[name]; r != nil && r.Std {
			m.problem("overlay.txt:%d: %s makes the same call as x/sys's %s; remove it", e.line, e.name, name)
			continue
		}
		if r := m.ownRow(e, name); r != nil {
			own = append(own, r)
		}
	}
	return own
}

func (m *maker) ownRow(e *entry, name string) *row {
	var arches []string
	for _, p := range m.ports {
		if v, err := m.std.view(p); p.os == "linux" && err == nil && v.funcs[name] != nil {
			arches = append(arches, p.arch)
		}
	}
	if len(arches) == 0 {
		return nil // reported as unused
	}
	e.used = true
	first := arches[0]
	if contains(arches, "amd64") {
		first = "amd64"
	}
	v, err := m.std.view(port{"linux", first})
	if err != nil {
		m.problem("%v", err)
		return nil
	}
	r, sems, unread := m.shape(v, name, arches)
	f, fd := r.Func, v.funcs[name]
	for _, a := range sortedKeys(unread) {
		m.problem("overlay.txt:%d: %s cannot be an entry: on %s it %s", e.line, e.name, a, unread[a])
	}
	f.Topic, f.Man, r.note = e.topic, e.man, e.note
	if f.Man == "" {
		f.Man = m.man(v, f)
	}
	f.Sync, f.Blocks, f.NonNeg = e.sync, e.blocks, e.nonneg
	m.directions(f, v, fd, e)
	m.givens(f, e)
	m.beyond(f, e)
	f.StdOnly, f.Std = true, true
	f.StdParams = []effects.Param{}
	for i, p := range v.params(fd) {
		q := f.Params[i]
		q.Type = v.qualify(p.expr, true)
		f.StdParams = append(f.StdParams, q)
	}
	f.Params = f.StdParams // there is no unix form
	f.StdPorts = m.portsOf(m.std, name, m.signature(v, fd, nil))
	f.Prints = map[string][]uint64{}
	for a := range sems {
		if w, err := m.std.view(port{"linux", a}); err == nil {
			if x, ok := m.print(w, name); ok {
				f.Prints["syscall/"+a] = []uint64{x}
			}
		}
	}
	return r
}
