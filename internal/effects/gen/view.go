// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// port is one GOOS/GOARCH pair.
type port struct{ os, arch string }

func (p port) String() string { return p.os + "/" + p.arch }

// source is the directory of one package; files are parsed once for all ports.
type source struct {
	dir    string
	path   string // import path, for messages and fingerprints
	fset   *token.FileSet
	names  []string
	parsed map[string]*ast.File
	views  map[port]*view
	given  map[string][]given // by function: what the overlay demands of arguments
}

func newSource(dir, path string) (*source, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	s := &source{dir: dir, path: path, fset: token.NewFileSet(),
		parsed: map[string]*ast.File{}, views: map[port]*view{}}
	for _, e := range entries {
		if n := e.Name(); strings.HasSuffix(n, ".go") && !strings.HasSuffix(n, "_test.go") {
			s.names = append(s.names, n)
		}
	}
	return s, nil
}

func (s *source) parse(name string) (*ast.File, error) {
	if f := s.parsed[name]; f != nil {
		return f, nil
	}
	f, err := parser.ParseFile(s.fset, filepath.Join(s.dir, name), nil, parser.SkipObjectResolution)
	if err == nil {
		s.parsed[name] = f
	}
	return f, err
}

// view is the package as the compiler sees it on one port.
type view struct {
	src   *source
	port  port
	files []*ast.File
	funcs map[string]*ast.FuncDecl
	// methods holds methods by bare name: whose they are does not matter
	// for the questions asked of them.
	methods map[string][]*ast.FuncDecl
	vars    map[string]ast.Expr // package-level variables; nil without a value of their own
	written map[string]bool     // package-level names that some function assigns to or takes the address of
	pkg     *types.Package      // declarations only, filled by scope
	sizes   types.Sizes
	calls   map[string]string // names of calls by number, without SYS_, filled by callName
}

// view returns the package for p, or an error that names the file at fault.
func (s *source) view(p port) (*view, error) {
	if v := s.views[p]; v != nil {
		return v, nil
	}
	ctx := build.Default
	ctx.GOOS, ctx.GOARCH, ctx.Compiler, ctx.CgoEnabled = p.os, p.arch, "gc", false
	ctx.BuildTags, ctx.ToolTags = nil, nil
	v := &view{src: s, port: p, funcs: map[string]*ast.FuncDecl{}, methods: map[string][]*ast.FuncDecl{},
		vars: map[string]ast.Expr{}, written: map[string]bool{}, sizes: types.SizesFor("gc", p.arch)}
	for _, name := range s.names {
		ok, err := ctx.MatchFile(s.dir, name)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		f, err := s.parse(name)
		if err != nil {
			return nil, err
		}
		if f.Name.Name == "main" || f.Name.Name == "ignore" {
			continue
		}
		v.files = append(v.files, f)
	}
	if len(v.files) == 0 {
		return nil, fmt.Errorf("%s: no Go files for %s", s.dir, p)
	}
	v.index()
	s.views[p] = v
	return v, nil
}

func (v *view) index() {
	for _, f := range v.files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv != nil {
					v.methods[d.Name.Name] = append(v.methods[d.Name.Name], d)
				} else {
					v.funcs[d.Name.Name] = d
				}
			case *ast.GenDecl:
				if d.Tok != token.VAR {
					continue
				}
				for _, sp := range d.Specs {
					sp := sp.(*ast.ValueSpec)
					for i, n := range sp.Names {
						v.vars[n.Name] = nil
						if len(sp.Values) == len(sp.Names) {
							v.vars[n.Name] = sp.Values[i]
						}
					}
				}
			}
		}
	}
	note := func(e ast.Expr) {
		for {
			switch x := e.(type) {
			case *ast.SelectorExpr:
				e = x.X
				continue
			case *ast.IndexExpr:
				e = x.X
				continue
			case *ast.Ident:
				v.written[x.Name] = true
			}
			return
		}
	}
	for _, f := range v.files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if n.Tok != token.DEFINE {
					for _, l := range n.Lhs {
						note(l)
					}
				}
			case *ast.IncDecStmt:
				note(n.X)
			case *ast.UnaryExpr:
				if n.Op == token.AND {
					note(n.X)
				}
			}
			return true
		})
	}
}

// stub gives the type checker the few declarations of other packages that
// x/sys's and syscall's constants and structs are built on.
const stub = `package syscall
type Errno uintptr
type Signal int
type Rlimit struct { Cur, Max uint64 }
type RawConn interface{}
type SysProcAttr struct{}
`

type stubImporter struct{}

func (stubImporter) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if path == "syscall" {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "stub.go", stub, 0)
		if err != nil {
			return nil, err
		}
		return new(types.Config).Check("syscall", fset, []*ast.File{f}, nil)
	}
	return nil, fmt.Errorf("not needed")
}

// scope type-checks the declarations (not the bodies) on first use. Errors
// are expected, for imports are stubs; what did not resolve is simply absent.
func (v *view) scope() *types.Scope {
	if v.pkg == nil {
		conf := types.Config{IgnoreFuncBodies: true, FakeImportC: true, Importer: stubImporter{},
			Sizes: v.sizes, Error: func(error) {}}
		v.pkg, _ = conf.Check(v.src.path, v.src.fset, v.files, nil)
	}
	return v.pkg.Scope()
}

// constVal returns the value of the package-level constant name.
func (v *view) constVal(name string) (constant.Value, bool) {
	c, ok := v.scope().Lookup(name).(*types.Const)
	if !ok || c.Val() == nil || c.Val().Kind() == constant.Unknown {
		return nil, false
	}
	return c.Val(), true
}

// callName returns the name of call number nr in lower case, or "".
func (v *view) callName(nr int) string {
	if v.calls == nil {
		v.calls = map[string]string{}
		for _, n := range v.scope().Names() { // sorted: the last alias wins, always the same
			if call, ok := strings.CutPrefix(n, "SYS_"); ok {
				if c, ok := v.constVal(n); ok {
					v.calls[c.ExactString()] = strings.ToLower(call)
				}
			}
		}
	}
	return v.calls[strconv.Itoa(nr)]
}

// typeOf returns the type that a type expression denotes, or nil.
func (v *view) typeOf(e ast.Expr) types.Type {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return v.typeOf(e.X)
	case *ast.Ident:
		obj := v.scope().Lookup(e.Name)
		if obj == nil {
			obj = types.Universe.Lookup(e.Name)
		}
		if t, ok := obj.(*types.TypeName); ok {
			return t.Type()
		}
	case *ast.SelectorExpr:
		switch types.ExprString(e) {
		case "unsafe.Pointer":
			return types.Typ[types.UnsafePointer]
		case "syscall.Signal":
			return types.Typ[types.Int]
		case "syscall.Errno":
			return types.Typ[types.Uintptr]
		}
	case *ast.StarExpr:
		if t := v.typeOf(e.X); t != nil {
			return types.NewPointer(t)
		}
	case *ast.ArrayType:
		t := v.typeOf(e.Elt)
		if t == nil {
			return nil
		}
		if e.Len == nil {
			return types.NewSlice(t)
		}
		if c, ok := (&frame{v: v}).constExpr(e.Len); ok {
			if n, exact := constant.Int64Val(constant.ToInt(c)); exact {
				return types.NewArray(t, n)
			}
		}
	}
	return nil
}
