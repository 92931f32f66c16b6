// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/parser"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/autobatch/autobatch/internal/effects"
)

// wrapperFact is exported for x/sys/unix and for syscall: the functions
// whose wrapper, on some GOARCH on which batchrt makes the call itself, is
// not the one that the effects table was made from.
type wrapperFact struct{ Changed []string }

func (*wrapperFact) AFact() {}

func (f *wrapperFact) String() string { return "changed wrappers: " + strings.Join(f.Changed, " ") }

// checkWrappers compares the package being analysed, which is x/sys/unix or
// syscall, with the table, for every GOARCH whatever the current one is. Where
// the driver does not name the files of other GOARCHes, they go unchecked:
// such a driver analyses the package anew when it builds for them.
func checkWrappers(pass *analysis.Pass) error {
	key := "unix"
	if pass.Pkg.Path() == syscallPath {
		key = "syscall"
	}
	all := map[string]*ast.File{}
	for _, f := range pass.Files {
		all[pass.Fset.File(f.FileStart).Name()] = f
	}
	for _, name := range pass.IgnoredFiles {
		// Only Linux matters; what other systems' files are named is fixed by Go.
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || !strings.Contains(filepath.Base(name), "linux") {
			continue
		}
		content, err := pass.ReadFile(name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(pass.Fset, name, content, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		all[name] = f
	}
	fact := &wrapperFact{}
	for _, arch := range []string{"amd64", "arm64"} {
		var files []*ast.File
		own := false // some drivers do not tell which files are ignored
		for name, f := range all {
			own = own || filepath.Base(name) == "zsyscall_linux_"+arch+".go"
			if compiledFor(name, f, "linux", arch) {
				files = append(files, f)
			}
		}
		if !own {
			continue
		}
		x := effects.NewIndex(files)
		for _, fn := range effects.All() {
			want := fn.Prints[key+"/"+arch]
			if !fn.Possible() || len(want) == 0 {
				continue
			}
			if got, ok := x.Print(fn.Name); !ok || !slices.Contains(want, got) {
				fact.Changed = append(fact.Changed, fn.Name)
			}
		}
	}
	slices.Sort(fact.Changed)
	fact.Changed = slices.Compact(fact.Changed)
	pass.ExportPackageFact(fact)
	return nil
}

// changed reports whether c's wrapper differs from the table's, or nothing is
// known of it.
func (p *pkgState) changed(c *call) bool {
	path := unixPath
	if c.std {
		path = syscallPath
	}
	fact, seen := p.facts[path]
	if !seen {
		for _, imp := range p.pass.Pkg.Imports() {
			if strings.TrimPrefix(imp.Path(), "vendor/") == path {
				f := new(wrapperFact)
				if p.pass.ImportPackageFact(imp, f) {
					fact = f
				}
			}
		}
		p.facts[path] = fact
	}
	return fact == nil || slices.Contains(fact.Changed, c.fn.Name)
}
