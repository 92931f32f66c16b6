// SPDX-License-Identifier: BSD-3-Clause

// Package rtdecl holds the declarations of package batchrt's interface, without
// bodies, as Go source. Rewritten code is type-checked against it where
// batchrt's own export data is not at hand (under go vet a package that was
// not imported before has none).
package rtdecl

import (
	"runtime"
	"strings"
	"sync"
)

// ImportPath is the path under which rewritten code imports package batchrt.
const ImportPath = "github.com/autobatch/autobatch/batchrt"

// decl is one constructor.
type decl struct {
	ports     int    // index into ports: the systems that have it
	signature string // as in "func Fstat(fd int, stat *unix.Stat_t) Op"
}

// Source returns the declarations for the system that this program runs on.
func Source() string { return SourceFor(runtime.GOOS, runtime.GOARCH) }

// SourceFor returns the declarations for a system. The source imports package
// syscall, package unsafe and golang.org/x/sys/unix.
func SourceFor(goos, goarch string) string {
	port := goos + "/" + goarch
	cacheMu.Lock()
	defer cacheMu.Unlock()
	if s, ok := cache[port]; ok {
		return s
	}
	var on [len(ports)]bool
	for i, set := range ports {
		on[i] = strings.Contains(" "+set+" ", " "+port+" ")
	}
	var b strings.Builder
	b.WriteString(base)
	if goos == "linux" || goos == "android" {
		b.WriteString(baseLinux)
	}
	for _, d := range decls {
		if on[d.ports] {
			b.WriteString(d.signature)
			b.WriteByte('\n')
		}
	}
	cache[port] = b.String()
	return cache[port]
}

var (
	cacheMu sync.Mutex
	cache   = make(map[string]string)
)

// Has reports whether batchrt has the constructor of that name ("Fstat",
// "SysFstat") on a system.
func Has(name, goos, goarch string) bool {
	port := goos + "/" + goarch
	for _, d := range decls {
		if d.name() == name {
			return strings.Contains(" "+ports[d.ports]+" ", " "+port+" ")
		}
	}
	return (goos == "linux" || goos == "android") && strings.Contains(baseLinux, "func "+name+"(")
}

// name is the constructor's.
func (d decl) name() string {
	s := strings.TrimPrefix(d.signature, "func ")
	if strings.HasPrefix(s, "(") {
		_, s, _ = strings.Cut(s, ") ")
	}
	name, _, _ := strings.Cut(s, "(")
	return name
}
