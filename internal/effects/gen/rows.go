// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"go/ast"
	"go/types"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/autobatch/autobatch/internal/effects"
)

// row is one function of the table and what only the documentation needs.
type row struct {
	*effects.Func
	note   string
	drift  string   // why the newer x/sys's wrapper is not accepted, or ""
	arches []string // Linux GOARCHes that have the function
}

// maker gathers the rows.
type maker struct {
	old, newer, std *source
	oldV, newV      string // versions of x/sys
	ports           []port // what the go command builds for
	overlay         *overlay
	prints          map[*view]*effects.Index
	problems        []string
}

func (m *maker) problem(format string, args ...any) {
	m.problems = append(m.problems, fmt.Sprintf(format, args...))
}

// linuxArches lists every GOARCH for which dir has Linux stubs, whether this
// Go can build for it or not, amd64 and arm64 first.
func linuxArches(dir string) []string {
	names, _ := filepath.Glob(filepath.Join(dir, "zsyscall_linux_*.go"))
	list := []string{"amd64", "arm64"}
	for _, n := range names {
		a := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(n), "zsyscall_linux_"), ".go")
		if a != "amd64" && a != "arm64" {
			list = append(list, a)
		}
	}
	return list
}

// exported returns, for each exported function of s on Linux, the GOARCHes
// that have it, the reference one (amd64 where it has it) first.
func (m *maker) exported(s *source) map[string][]string {
	all := map[string][]string{}
	for _, a := range linuxArches(s.dir) {
		v, err := s.view(port{"linux", a})
		if err != nil {
			m.problem("%v", err)
			continue
		}
		for name := range v.funcs {
			if ast.IsExported(name) {
				all[name] = append(all[name], a)
			}
		}
	}
	return all
}

// rows makes the table. Its problems are complete: all unclassified names at
// once, so that a new x/sys is one round of editing.
func (m *maker) rows() []*row {
	old, newer := m.exported(m.old), m.exported(m.newer)
	names := map[string]bool{}
	for n := range old {
		names[n] = true
	}
	for n := range newer {
		names[n] = true
	}
	var list []*row
	for n := range names {
		src, arches := m.old, old[n]
		if arches == nil {
			src, arches = m.newer, newer[n]
		}
		v, err := src.view(port{"linux", arches[0]})
		if err != nil {
			m.problem("%v", err)
			continue
		}
		if r := m.row(v, n, arches); r != nil {
			list = append(list, r)
		}
	}
	list = append(list, m.ownRows(list)...)
	sort.Slice(list, func(i, j int) bool {
		if list[i].Name != list[j].Name {
			return list[i].Name < list[j].Name
		}
		return !list[i].StdOnly
	})
	for _, e := range m.overlay.exact {
		if !e.used {
			m.problem("overlay.txt:%d: neither x/sys %s nor %s nor package syscall has %s on Linux; remove it", e.line, m.oldV, m.newV, e.name)
		}
	}
	sort.Strings(m.problems)
	return list
}

func (m *maker) row(v *view, name string, arches []string) *row {
	fd := v.funcs[name]
	r, sems, unread := m.shape(v, name, arches)
	f := r.Func
	e := m.overlay.find(name)
	if e == nil {
		if why := m.noCall(v.src, name, arches); why != "" {
			m.problem("%s is not classified: add a line to overlay.txt (%s)", name, m.describe(v, fd, unread, why))
			return nil
		}
		f.Reason, f.Why, f.Topic = effects.ReasonNoCall, "only computes", "misc"
		return r
	}
	f.Topic, f.Man, r.note = e.topic, e.man, e.note
	if f.Man == "" {
		f.Man = m.man(v, f)
	}
	if e.reason != "" {
		f.Reason, f.Why = e.reason, e.why
		m.never(r, v, e)
		return r
	}
	f.Sync, f.Blocks, f.NonNeg = e.sync, e.blocks, e.nonneg
	if v.src != m.old {
		m.problem(`overlay.txt:%d: %s is only in x/sys %s: want "never version: ..."`, e.line, name, m.newV)
		return r
	}
	for a, why := range unread {
		m.problem("overlay.txt:%d: %s cannot be an entry: on %s it %s; want never", e.line, name, a, why)
	}
	if len(f.Linux) == 0 && len(unread) == 0 {
		m.problem("overlay.txt:%d: %s exists on neither amd64 nor arm64; want never", e.line, name)
	}
	m.directions(f, v, fd, e)
	m.givens(f, e)
	m.beyond(f, e)
	f.Ports = m.portsOf(m.old, name, m.signature(v, fd, nil))
	f.Differs = m.differs(m.old, name, m.signature(v, fd, nil), len(f.Params))
	m.standard(f, v, fd)
	m.fingerprints(r, sems)
	return r
}

// shape fills what the source alone says: parameters, results, encodings.
// unread says why an architecture has none.
func (m *maker) shape(v *view, name string, arches []string) (r *row, sems map[string]*sem, unread map[string]string) {
	fd := v.funcs[name]
	f := &effects.Func{Name: name, Result: resultForm(v.fieldList(fd.Type.Results)), Linux: map[string]effects.Enc{}}
	r = &row{Func: f, arches: arches}
	for i, p := range v.params(fd) {
		n := p.name
		if n == "" || n == "_" {
			n = fmt.Sprintf("p%d", i)
		}
		q := effects.Param{Name: n, Type: types.ExprString(p.expr), Kind: paramKind(p.t)}
		if q.Copied() {
			q.Dir = effects.In
		}
		f.Params = append(f.Params, q)
	}
	sems, unread = map[string]*sem{}, map[string]string{}
	for _, a := range []string{"amd64", "arm64"} {
		if !contains(arches, a) {
			continue
		}
		s, why := m.encoding(v.src, a, name, f.Result)
		if why != "" {
			unread[a] = why
			continue
		}
		sems[a] = s
		f.Linux[a], _ = encode(s)
	}
	return r, sems, unread
}

// givens fills Given.
func (m *maker) givens(f *effects.Func, e *entry) {
	for _, g := range e.given {
		i := slices.IndexFunc(f.Params, func(p effects.Param) bool { return p.Name == g.param && p.Kind == effects.Integer })
		if i < 0 {
			m.problem("overlay.txt:%d: %s has no integer parameter %s", e.line, f.Name, g.param)
			continue
		}
		f.Given = append(f.Given, effects.Given{Param: i, Not: g.not, Value: g.value})
	}
}

// beyond demands a note for entries that are more than a forwarder.
func (m *maker) beyond(f *effects.Func, e *entry) {
	for _, enc := range f.Linux {
		beyond := enc.Guard != "" || len(f.Given) > 0
		for _, w := range enc.Words {
			beyond = beyond || w.Kind == effects.WordImm || w.Kind == effects.WordPathNil || w.Kind == effects.WordSockaddr
		}
		if beyond && e.note == "" {
			m.problem("overlay.txt:%d: %s is more than a forwarder: say in note: why the entry is exact", e.line, e.name)
			return
		}
	}
}

// never checks the claims of a never line that can be checked.
func (m *maker) never(r *row, v *view, e *entry) {
	if e.reason == effects.ReasonVersion && v.src == m.old {
		m.problem("overlay.txt:%d: %s is in x/sys %s: the reason version does not hold", e.line, r.Name, m.oldV)
	}
}

// describe helps whoever must classify a new function.
func (m *maker) describe(v *view, fd *ast.FuncDecl, unread map[string]string, why string) string {
	sig := types.ExprString(fd.Type)
	for _, a := range sortedKeys(unread) {
		return fmt.Sprintf("%s, on %s it %s", sig, a, unread[a])
	}
	return fmt.Sprintf("%s, %s", sig, why)
}

// encoding reads name on linux/arch and checks that an entry could do it.
func (m *maker) encoding(s *source, arch, name string, form effects.Result) (*sem, string) {
	v, err := s.view(port{"linux", arch})
	if err != nil {
		return nil, err.Error()
	}
	sem, err := v.read(name)
	if err != nil {
		return nil, err.Error()
	}
	if why := sem.fits(form); why != "" {
		return nil, why
	}
	if _, err := encode(sem); err != nil {
		return nil, err.Error()
	}
	return sem, ""
}

// directions fills Param.Dir and refuses what an entry may not hold.
func (m *maker) directions(f *effects.Func, v *view, fd *ast.FuncDecl, e *entry) {
	ps := v.params(fd)
	for i := range f.Params {
		p := &f.Params[i]
		d, said := e.dirs[p.Name]
		delete(e.dirs, p.Name)
		switch p.Kind {
		case effects.Bytes, effects.Slice, effects.Pointer:
			if !said {
				m.problem("overlay.txt:%d: %s: say %s:in, %s:out or %s:inout", e.line, f.Name, p.Name, p.Name, p.Name)
			}
			p.Dir = d
			var elem types.Type
			switch t := types.Unalias(ps[i].t).(type) {
			case *types.Pointer:
				elem = t.Elem()
			case *types.Slice:
				elem = t.Elem()
			}
			if elem != nil {
				if at := holdsPointer(elem, p.Name, 0); at != "" {
					m.problem("overlay.txt:%d: %s cannot be an entry: %s is a pointer inside its argument; want never nested", e.line, f.Name, at)
				}
			}
		case effects.Other:
			m.problem("overlay.txt:%d: %s cannot be an entry: parameter %s has type %s", e.line, f.Name, p.Name, p.Type)
		default:
			if said {
				m.problem("overlay.txt:%d: %s: parameter %s (%s) takes no direction", e.line, f.Name, p.Name, p.Type)
			}
		}
	}
	for _, n := range sortedKeys(e.dirs) {
		m.problem("overlay.txt:%d: %s has no parameter %s", e.line, f.Name, n)
	}
}

// manNames maps call names to the manual page that describes them, where the
// two differ.
var manNames = map[string]string{
	"newfstatat": "stat", "fstatat": "stat", "fstatat64": "stat", "pread64": "pread", "pwrite64": "pwrite", "fadvise64": "posix_fadvise",
	"getdents64": "getdents", "umount2": "umount", "signalfd4": "signalfd", "eventfd2": "eventfd", "dup3": "dup", "dup2": "dup",
	"inotify_init1": "inotify_init", "epoll_create1": "epoll_create", "epoll_pwait": "epoll_wait", "sendto": "send", "renameat2": "rename",
	"accept4": "accept", "pselect6": "select", "faccessat2": "access", "faccessat": "access", "fchmodat": "chmod", "fchownat": "chown",
	"mkdirat": "mkdir", "mknodat": "mknod", "linkat": "link", "symlinkat": "symlink", "unlinkat": "unlink", "renameat": "rename",
	"readlinkat": "readlink", "openat": "open", "exit_group": "exit_group", "rt_sigprocmask": "sigprocmask", "fgetxattr": "getxattr",
	"fsetxattr": "setxattr", "flistxattr": "listxattr", "fremovexattr": "removexattr", "lgetxattr": "getxattr", "lsetxattr": "setxattr",
	"llistxattr": "listxattr", "lremovexattr": "removexattr", "lstat": "stat", "fstat": "stat",
	"fstatfs": "statfs", "fsync": "fsync", "fdatasync": "fsync", "syncfs": "sync", "fchmod": "chmod", "fchown": "chown", "lchown": "chown",
	"fchdir": "chdir", "ftruncate": "truncate", "munmap": "mmap", "munlock": "mlock", "mlockall": "mlock", "munlockall": "mlock",
	"process_vm_writev": "process_vm_readv", "timerfd_settime": "timerfd_create", "timerfd_gettime": "timerfd_create",
}

// man is the manual page of the call that f makes, or "".
func (m *maker) man(v *view, f *effects.Func) string {
	for _, a := range []string{"amd64", "arm64"} {
		enc, ok := f.Linux[a]
		if !ok {
			continue
		}
		w, err := v.src.view(port{"linux", a})
		if err != nil {
			return ""
		}
		if n := w.callName(enc.NR); n != "" {
			if manNames[n] != "" {
				n = manNames[n]
			}
			return n + "(2)"
		}
	}
	return ""
}
