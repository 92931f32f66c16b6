// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/build/constraint"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/autobatch/autobatch/internal/effects"
)

// ports lists every GOOS/GOARCH pair on which some function of the table exists.
var ports = sync.OnceValue(func() []string {
	seen := map[string]bool{}
	for _, f := range effects.All() {
		for _, p := range f.Ports {
			seen[p] = true
		}
		for _, p := range f.StdPorts {
			seen[p] = true
		}
	}
	var l []string
	for p := range seen {
		l = append(l, p)
	}
	slices.Sort(l)
	return l
})

// unixes are the GOOS values that satisfy the build tag unix, among those
// that have x/sys/unix.
var unixes = []string{"aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "linux", "netbsd", "openbsd", "solaris"}

// buildConfig is the set of GOOS/GOARCH pairs for which a file is compiled,
// and the constraint as written.
type buildConfig struct {
	ports   []string
	systems []string // other systems than Linux for which it may be compiled too
	always  []string // those of them for which it is compiled whatever the tags and GOARCH
	text    string   // the constraints as written; "/" for none
	goos    string   // what the name says
	goarch  string
	expr    constraint.Expr // the //go:build line, or nil
}

// configOf reads the file's name and //go:build line. A tag that is neither a
// GOOS nor a GOARCH may be set or not: pairs for which the file may be
// compiled count.
func configOf(name string, file *ast.File) buildConfig {
	expr := goBuild(file)
	var c buildConfig
	oses, arches := knownNames()
	goos, goarch := nameSuffix(name)
	c.text = goos + "/" + goarch
	c.goos, c.goarch, c.expr = goos, goarch, expr
	if expr != nil {
		c.text += " " + expr.String()
	}
	compiles := func(p string) bool {
		os, arch, _ := strings.Cut(p, "/")
		if goos != "" && !sameOS(goos, os) || goarch != "" && goarch != arch {
			return false
		}
		return expr == nil || maybe(expr, os, arch, oses, arches) != no
	}
	for _, p := range ports() {
		if compiles(p) {
			c.ports = append(c.ports, p)
		}
	}
	for _, os := range effects.Systems() {
		for arch := range arches {
			if compiles(os + "/" + arch) {
				c.systems = append(c.systems, os)
				break
			}
		}
		// With no GOARCH known, every tag that names one is open.
		if (goos == "" || sameOS(goos, os)) && goarch == "" && (expr == nil || maybe(expr, os, "", oses, nil) == yes) {
			c.always = append(c.always, os)
		}
	}
	return c
}

// goBuild is the file's //go:build line, or nil.
func goBuild(file *ast.File) constraint.Expr {
	for _, g := range file.Comments {
		if g.Pos() > file.Package {
			break
		}
		for _, c := range g.List {
			if constraint.IsGoBuild(c.Text) {
				if e, err := constraint.Parse(c.Text); err == nil {
					return e
				}
			}
		}
	}
	return nil
}

// nameSuffix is what the file's name says of GOOS and GOARCH.
func nameSuffix(name string) (goos, goarch string) {
	oses, arches := knownNames()
	base := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(name), ".go"), "_test")
	parts := strings.Split(base, "_")
	if n := len(parts); n >= 2 {
		switch {
		case n >= 3 && oses[parts[n-2]] && arches[parts[n-1]]:
			return parts[n-2], parts[n-1]
		case oses[parts[n-1]]:
			return parts[n-1], ""
		case arches[parts[n-1]]:
			return "", parts[n-1]
		}
	}
	return "", ""
}

// compiledFor reports whether a plain build for the pair compiles the file.
func compiledFor(name string, file *ast.File, goos, goarch string) bool {
	os, arch := nameSuffix(name)
	if os != "" && !sameOS(os, goos) || arch != "" && arch != goarch {
		return false
	}
	expr := goBuild(file)
	return expr == nil || expr.Eval(func(tag string) bool {
		return sameOS(tag, goos) || tag == goarch || tag == "gc" || strings.HasPrefix(tag, "go1.") ||
			tag == "unix" && slices.Contains(unixes, goos)
	})
}

// sameOS reports whether a file for tag is compiled on os: android counts as
// linux, illumos as solaris, ios as darwin.
func sameOS(tag, os string) bool {
	return tag == os || tag == "linux" && os == "android" || tag == "solaris" && os == "illumos" || tag == "darwin" && os == "ios"
}

var knownNames = sync.OnceValues(func() (oses, arches map[string]bool) {
	oses, arches = map[string]bool{}, map[string]bool{}
	for _, n := range append([]string{"windows", "plan9", "js", "wasip1", "nacl", "zos"}, unixes...) {
		oses[n] = true
	}
	for _, n := range []string{"386", "amd64", "amd64p32", "arm", "arm64", "arm64be", "armbe", "loong64", "mips", "mips64", "mips64le",
		"mips64p32", "mips64p32le", "mipsle", "ppc", "ppc64", "ppc64le", "riscv", "riscv64", "s390", "s390x", "sparc", "sparc64", "wasm"} {
		arches[n] = true
	}
	return
})

// maybe evaluates a constraint for one pair; tags that are not about the pair
// are unknown.
func maybe(e constraint.Expr, os, arch string, oses, arches map[string]bool) truth {
	switch x := e.(type) {
	case *constraint.NotExpr:
		return maybe(x.X, os, arch, oses, arches).not()
	case *constraint.AndExpr:
		l, r := maybe(x.X, os, arch, oses, arches), maybe(x.Y, os, arch, oses, arches)
		switch {
		case l == no || r == no:
			return no
		case l == yes && r == yes:
			return yes
		}
	case *constraint.OrExpr:
		l, r := maybe(x.X, os, arch, oses, arches), maybe(x.Y, os, arch, oses, arches)
		switch {
		case l == yes || r == yes:
			return yes
		case l == no && r == no:
			return no
		}
	case *constraint.TagExpr:
		switch {
		case oses[x.Tag]:
			return known(sameOS(x.Tag, os))
		case arches[x.Tag]:
			return known(x.Tag == arch)
		case x.Tag == "unix":
			return known(slices.Contains(unixes, os))
		}
	}
	return unknown
}
