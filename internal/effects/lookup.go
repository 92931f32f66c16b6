// SPDX-License-Identifier: BSD-3-Clause

package effects

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// rows is set by table_gen.go. It is a variable so that the package, and with
// it the generator, still compiles while that file does not exist.
var rows = func() []*Func { return nil }

// stdElsewhere holds, by GOOS, which of linux/amd64's names package syscall
// exports there too, each between spaces. elsewhere_gen.go sets it.
var stdElsewhere map[string]string

// number is a key of the index by call number.
type number struct {
	goarch string
	nr     int
}

// index is built on first use: programs that only link the package pay nothing.
var index = sync.OnceValue(func() (x struct {
	all      []*Func
	byName   map[string]*Func
	std      map[string]*Func
	byNumber map[number][]*Func
}) {
	x.all = rows()
	x.byName = make(map[string]*Func, len(x.all))
	x.std = make(map[string]*Func, len(x.all)/4)
	x.byNumber = make(map[number][]*Func, 2*len(x.all))
	for _, f := range x.all {
		if !f.StdOnly {
			x.byName[f.Name] = f
		}
		if f.Std {
			x.std[f.Name] = f
		}
		for goarch, enc := range f.Linux {
			k := number{goarch, enc.NR}
			x.byNumber[k] = append(x.byNumber[k], f)
		}
	}
	return x
})

// All returns every row of the table, sorted by name (a StdOnly row after
// unix's of that name). The slice and the rows are shared: callers must not
// change them.
func All() []*Func { return index().all }

// Lookup returns the row of the exported function name of the package with
// the given import path, "golang.org/x/sys/unix" or "syscall", or nil. For
// package syscall only functions that may be entries are found (Func.Std).
func Lookup(pkgPath, name string) *Func {
	switch pkgPath {
	case "golang.org/x/sys/unix":
		return index().byName[name]
	case "syscall":
		return index().std[name]
	}
	return nil
}

// ByNumber returns the rows whose wrapper makes the system call with number
// nr on goarch ("amd64" or "arm64"), sorted by name; forwarders such as Lstat
// come along with the function they forward to. Callers that map a raw
// Syscall to a row must compare its arguments with the row's words.
func ByNumber(goarch string, nr int) []*Func {
	return index().byNumber[number{goarch, nr}]
}

// Systems lists the systems other than Linux (and android, which is Linux)
// that have a package syscall. Sorted.
func Systems() []string { return slices.Sorted(maps.Keys(stdElsewhere)) }

// StdElsewhere reports whether package syscall exports name, which it does on
// linux/amd64, on the system goos too.
func StdElsewhere(goos, name string) bool {
	return strings.Contains(stdElsewhere[goos], " "+name+" ")
}

// Standard reports whether an import path is one of the standard library, as far
// as its first element tells. Other modules' paths may have no dot in them either.
func Standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return standard[first]
}

var standard = func() map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Fields(`archive bufio builtin bytes cmp compress container context crypto database debug embed encoding errors expvar flag
		fmt go hash html image index internal io iter log maps math mime net os path plugin reflect regexp runtime simd slices sort strconv strings structs
		sync syscall testing text time unicode unique unsafe vendor weak`) {
		m[n] = true
	}
	return m
}()
