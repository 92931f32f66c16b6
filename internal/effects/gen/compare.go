// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"go/ast"
	"go/types"
	"sort"
	"strings"

	"github.com/autobatch/autobatch/internal/effects"
)

// syscallAliases are unix's own names for types of package syscall.
var syscallAliases = map[string]bool{"Signal": true, "Errno": true, "SysProcAttr": true}

// qualify writes a type as package unix of x/sys (std false) or package
// syscall (std true) means it, with syscall's types qualified.
func (v *view) qualify(e ast.Expr, std bool) string {
	switch e := e.(type) {
	case *ast.Ident:
		if ast.IsExported(e.Name) && (std || syscallAliases[e.Name]) {
			return "syscall." + e.Name
		}
	case *ast.StarExpr:
		return "*" + v.qualify(e.X, std)
	case *ast.ArrayType:
		if e.Len == nil {
			return "[]" + v.qualify(e.Elt, std)
		}
		return "[" + types.ExprString(e.Len) + "]" + v.qualify(e.Elt, std)
	case *ast.ParenExpr:
		return v.qualify(e.X, std)
	}
	return types.ExprString(e)
}

// signature is the text by which two signatures are the same: types only.
// With std, names of package syscall are qualified; convert, when not nil, is
// applied to each type.
func (m *maker) signature(v *view, fd *ast.FuncDecl, convert func(string) string) string {
	var b strings.Builder
	for i, l := range [][]goParam{v.params(fd), v.fieldList(fd.Type.Results)} {
		if i == 1 {
			b.WriteString(" -> ")
		}
		for _, p := range l {
			t := v.qualify(p.expr, v.src == m.std)
			if convert != nil {
				t = convert(t)
			}
			b.WriteString(t + ",")
		}
	}
	return b.String()
}

// portsOf lists the ports on which s has name with that signature.
func (m *maker) portsOf(s *source, name, sig string) (list []string) {
	for _, p := range m.ports {
		v, err := s.view(p)
		if err != nil {
			m.problem("%v", err)
			continue
		}
		if fd := v.funcs[name]; fd != nil && m.signature(v, fd, nil) == sig {
			list = append(list, p.String())
		}
	}
	sort.Strings(list)
	return list
}

// differs lists the ports on which s has name with another signature than sig
// but as many parameters: code that calls it may compile there too.
func (m *maker) differs(s *source, name, sig string, params int) (list []string) {
	for _, p := range m.ports {
		v, err := s.view(p)
		if err != nil {
			m.problem("%v", err)
			continue
		}
		if fd := v.funcs[name]; fd != nil && m.signature(v, fd, nil) != sig && len(v.params(fd)) == params {
			list = append(list, p.String())
		}
	}
	sort.Strings(list)
	return list
}

// standard fills Std, StdParams and StdPorts of f, whose unix form is fd in v.
func (m *maker) standard(f *effects.Func, v *view, fd *ast.FuncDecl) {
	if f.TakesSockaddr() >= 0 {
		return // package syscall has types of its own, which batchrt does not encode
	}
	var sv *view
	for _, a := range []string{"amd64", "arm64"} {
		if !strings.Contains(strings.Join(f.Ports, " ")+" ", "linux/"+a+" ") {
			continue
		}
		w, err := m.std.view(port{"linux", a})
		if err != nil {
			m.problem("%v", err)
			return
		}
		if w.funcs[f.Name] == nil {
			continue // not there on a, or by no means
		}
		if !m.same(f.Name, port{"linux", a}) {
			return
		}
		if sv == nil {
			sv = w
		}
	}
	if sv == nil {
		return
	}
	sfd := sv.funcs[f.Name]
	bare := func(t string) string { return strings.ReplaceAll(t, "syscall.", "") }
	if m.signature(v, fd, bare) != m.signature(sv, sfd, bare) {
		return
	}
	sig := m.signature(sv, sfd, nil)
	// A constructor of its own calls package syscall itself wherever the
	// batch is not ours to issue; a shared one calls x/sys's function, which
	// must then be the same at least on every Linux port.
	same := m.signature(v, fd, nil) == sig
	for _, p := range m.ports {
		if p.os == "linux" && contains(f.Ports, p.String()) && !m.same(f.Name, p) {
			if w, err := m.std.view(p); err == nil && w.funcs[f.Name] != nil {
				same = false
			}
		}
	}
	if !same {
		for i, p := range sv.params(sfd) {
			q := f.Params[i]
			q.Type = sv.qualify(p.expr, true)
			f.StdParams = append(f.StdParams, q)
		}
	}
	for _, ps := range m.portsOf(m.std, f.Name, sig) {
		os, arch, _ := strings.Cut(ps, "/")
		if !same || contains(f.Ports, ps) && m.same(f.Name, port{os, arch}) {
			f.StdPorts = append(f.StdPorts, ps)
		}
	}
	f.Std = len(f.StdPorts) > 0
	if !f.Std {
		f.StdParams = nil
	}
}

// same reports whether x/sys's and syscall's functions of that name make the
// same call on p: they are read as the same, or are the same text.
func (m *maker) same(name string, p port) bool {
	u, err := m.old.view(p)
	if err != nil {
		return false
	}
	s, err := m.std.view(p)
	if err != nil || u.funcs[name] == nil || s.funcs[name] == nil {
		return false
	}
	a, aerr := u.read(name)
	b, berr := s.read(name)
	if aerr == nil && berr == nil {
		return a.key() == b.key()
	}
	x, xok := m.print(u, name)
	y, yok := m.print(s, name)
	return xok && yok && x == y
}

func (m *maker) index(v *view) *effects.Index {
	x := m.prints[v]
	if x == nil {
		x = effects.NewIndex(v.files)
		m.prints[v] = x
	}
	return x
}

func (m *maker) print(v *view, name string) (uint64, bool) { return m.index(v).Print(name) }

// sameEncoding reports whether both versions of x/sys encode socket addresses
// by the same source. batchrt's copy of it is held against the older one's
// results by batchrt's own tests.
func (m *maker) sameEncoding(p port) bool {
	v, err := m.old.view(p)
	if err != nil {
		return false
	}
	w, err := m.newer.view(p)
	if err != nil {
		return false
	}
	a, aok := m.index(v).Encoding()
	b, bok := m.index(w).Encoding()
	return aok && bok && a == b
}

// fingerprints fills Prints: the source the table is made from, and the newer
// x/sys where it makes the very same call.
func (m *maker) fingerprints(r *row, sems map[string]*sem) {
	r.Prints = map[string][]uint64{}
	for _, a := range sortedKeys(sems) {
		s := sems[a]
		p := port{"linux", a}
		if v, err := m.old.view(p); err == nil {
			if x, ok := m.print(v, r.Name); ok {
				r.Prints["unix/"+a] = []uint64{x}
			}
		}
		if v, err := m.newer.view(p); err == nil {
			x, ok := m.print(v, r.Name)
			n, why := m.encoding(m.newer, a, r.Name, r.Result)
			have, drift := r.Prints["unix/"+a], ""
			switch {
			case !ok:
				drift = "is gone"
			case why != "":
				drift = why
			case n.key() != s.key():
				drift = "makes another call"
			case r.TakesSockaddr() >= 0 && !m.sameEncoding(p):
				drift = "encodes addresses in another way"
			case len(have) == 1 && have[0] != x:
				r.Prints["unix/"+a] = append(have, x)
			}
			if drift != "" {
				if r.drift == "" {
					r.drift = drift + " (" + a + ")"
				}
				if ok && len(have) == 1 && have[0] == x {
					m.problem("%s: the fingerprint does not see that in x/sys %s it %s", r.Name, m.newV, drift)
				}
			}
		}
		if !r.Std || !contains(r.StdPorts, p.String()) {
			continue
		}
		if v, err := m.std.view(p); err == nil {
			if x, ok := m.print(v, r.Name); ok {
				r.Prints["syscall/"+a] = []uint64{x}
			}
		}
	}
}
