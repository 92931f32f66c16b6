// SPDX-License-Identifier: BSD-3-Clause

package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"strconv"
	"strings"
)

// names collects every identifier of the file and the package, and decides
// under which name batchrt is known.
func (f *file) names() {
	f.used = map[string]bool{}
	for _, n := range f.Pkg.Scope().Names() {
		f.used[n] = true
	}
	for n, taken := range f.Taken {
		f.used[n] = f.used[n] || taken
	}
	f.outer = maps.Clone(f.used)
	for id, obj := range f.Info.Defs {
		if _, ok := obj.(*types.PkgName); ok {
			f.outer[id.Name] = true
		}
	}
	for _, obj := range f.Info.Implicits {
		if p, ok := obj.(*types.PkgName); ok {
			f.outer[p.Name()] = true
		}
	}
	ast.Inspect(f.File, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			f.used[id.Name] = true
		}
		return true
	})
	if s := f.importOf(RuntimePath); s != nil {
		if name := f.importName(s, "batchrt"); name != "." && name != "_" && !f.defines(name) {
			f.rt = name
			return
		}
	}
	f.rt = unused("batchrt", f.used)
}

// defines reports whether the file declares something of that name, which
// would hide an import of the same name.
func (f *file) defines(name string) bool {
	found := false
	for id, obj := range f.Info.Defs {
		if id.Name == name && obj != nil && f.Fset.File(id.Pos()) == f.tok {
			found = true
		}
	}
	return found
}

func unused(name string, used map[string]bool) string {
	if !used[name] {
		return name
	}
	for i := 2; ; i++ {
		if n := name + strconv.Itoa(i); !used[n] {
			return n
		}
	}
}

// fresh returns a name that nothing in the function has, nor the package or its
// imports, the first of the candidates if possible, and reserves it in the
// function.
func (f *file) fresh(d *ast.FuncDecl, candidates ...string) string {
	taken := f.taken[d]
	if taken == nil {
		taken = map[string]bool{}
		f.taken[d] = taken
	}
	words := f.words[d]
	if words == nil {
		words = map[string]bool{}
		ast.Inspect(d, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				words[id.Name] = true
			}
			return true
		})
		f.words[d] = words
	}
	free := func(n string) bool {
		return !words[n] && !f.outer[n] && !taken[n] && n != f.rt && types.Universe.Lookup(n) == nil && !token.IsKeyword(n)
	}
	pick := ""
	for _, c := range candidates {
		if free(c) || taken[c] {
			pick = c
			break
		}
	}
	if pick == "" {
		pick = candidates[0]
	}
	for i := 2; !free(pick); i++ {
		pick = strings.TrimRight(pick, "0123456789") + strconv.Itoa(i)
	}
	taken[pick] = true
	return pick
}

// importOf is the file's import of path, or nil.
func (f *file) importOf(path string) *ast.ImportSpec {
	for _, s := range f.File.Imports {
		if p, err := strconv.Unquote(s.Path.Value); err == nil && p == path {
			return s
		}
	}
	return nil
}

// importName is the name that an import has in the file.
func (f *file) importName(s *ast.ImportSpec, def string) string {
	if s.Name != nil {
		return s.Name.Name
	}
	return def
}
