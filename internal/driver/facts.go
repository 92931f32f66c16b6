// SPDX-License-Identifier: BSD-3-Clause

package driver

import (
	"fmt"
	"go/types"
	"reflect"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/types/objectpath"
)

// factKey names a fact independently of the types.Package that it was
// exported for: a package from export data and the same package from source
// are different objects.
type factKey struct {
	pkg  string // ID of the package: import path, for a test variant with its suffix
	obj  any    // objectpath.Path; types.Object for one that has no path; nil for a package fact
	kind reflect.Type
}

type fact struct {
	fact analysis.Fact
	pkg  *types.Package
	obj  types.Object
}

// factStore holds the facts of all packages analysed so far.
type factStore struct {
	mu sync.RWMutex
	m  map[factKey]fact
}

func newFactStore() *factStore { return &factStore{m: map[factKey]fact{}} }

// factPass is what the fact functions of one pass share.
type factPass struct {
	*factStore
	pkg     *types.Package
	id      string // of the package
	variant string // " [p.test]" for a test variant, whose imports may be variants too
	enc     objectpath.Encoder
}

// bind gives the pass its fact functions.
func (s *factStore) bind(pass *analysis.Pass, p *packages.Package) {
	f := &factPass{factStore: s, pkg: p.Types, id: p.ID}
	if i := strings.Index(p.ID, " ["); i >= 0 {
		f.variant = p.ID[i:]
	}
	pass.ImportObjectFact = func(obj types.Object, ptr analysis.Fact) bool {
		return f.get(obj.Pkg(), f.objKey(obj), ptr)
	}
	pass.ImportPackageFact = func(pkg *types.Package, ptr analysis.Fact) bool { return f.get(pkg, nil, ptr) }
	pass.ExportObjectFact = func(obj types.Object, x analysis.Fact) {
		if obj.Pkg() != f.pkg {
			panic(fmt.Sprintf("%s exports a fact about %s, which is not in package %s", pass.Analyzer, obj, f.pkg.Path()))
		}
		f.put(f.objKey(obj), fact{x, f.pkg, obj})
	}
	pass.ExportPackageFact = func(x analysis.Fact) { f.put(nil, fact{x, f.pkg, nil}) }
	pass.AllObjectFacts = func() (all []analysis.ObjectFact) {
		f.each(pass.Analyzer, func(x fact) {
			if x.obj != nil {
				all = append(all, analysis.ObjectFact{Object: x.obj, Fact: x.fact})
			}
		})
		return all
	}
	pass.AllPackageFacts = func() (all []analysis.PackageFact) {
		f.each(pass.Analyzer, func(x fact) {
			if x.obj == nil {
				all = append(all, analysis.PackageFact{Package: x.pkg, Fact: x.fact})
			}
		})
		return all
	}
}

func (f *factPass) objKey(obj types.Object) any {
	if path, err := f.enc.For(obj); err == nil {
		return path
	}
	return obj
}

func (f *factPass) put(obj any, x fact) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.m[factKey{f.id, obj, reflect.TypeOf(x.fact)}] = x
}

// get copies the fact about obj, or about pkg where obj is nil, into ptr.
func (f *factPass) get(pkg *types.Package, obj any, ptr analysis.Fact) bool {
	if pkg == nil { // the universe's objects have no facts
		return false
	}
	ids := []string{pkg.Path() + f.variant, pkg.Path()}
	if pkg == f.pkg {
		ids = []string{f.id}
	}
	f.mu.RLock()
	defer f.mu.RUnlock()
	for _, id := range ids {
		if x, ok := f.m[factKey{id, obj, reflect.TypeOf(ptr)}]; ok {
			reflect.ValueOf(ptr).Elem().Set(reflect.ValueOf(x.fact).Elem())
			return true
		}
	}
	return false
}

// each calls do for the facts of a's types.
func (f *factPass) each(a *analysis.Analyzer, do func(fact)) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	for key, x := range f.m {
		for _, t := range a.FactTypes {
			if reflect.TypeOf(t) == key.kind {
				do(x)
			}
		}
	}
}
