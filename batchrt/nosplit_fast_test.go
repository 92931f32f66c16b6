// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestNoStackChecks looks at all that runs between the moment in which
// addresses become numbers and the kernel's answer: a function with a stack
// check may move the stack, or be preempted and its stack be shrunk. Those that
// are inlined have none, but the compiler can be told not to inline.
func TestNoStackChecks(t *testing.T) {
	if _, err := os.Stat("run_fast.go"); err != nil {
		t.Skip("no source: the test runs elsewhere than it was compiled")
	}
	dir, err := build.ImportDir(".", 0)
	if err != nil {
		t.Fatal(err)
	}
	decls := make(map[string]*ast.FuncDecl)
	fset := token.NewFileSet()
	for _, name := range dir.GoFiles {
		f, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				decls[fn.Name.Name] = fn // methods, too: a name too many does no harm
			}
		}
	}
	todo, seen := []string{"bracket", "enter"}, map[string]bool{}
	for len(todo) > 0 {
		name := todo[0]
		todo = todo[1:]
		fn := decls[name]
		if seen[name] || fn == nil {
			continue // a conversion, a builtin, another package's
		}
		seen[name] = true
		if fn.Body == nil {
			continue // assembly or the runtime's
		}
		nosplit := false
		if fn.Doc != nil {
			for _, c := range fn.Doc.List {
				nosplit = nosplit || strings.TrimSpace(c.Text) == "//go:nosplit"
			}
		}
		if !nosplit {
			t.Errorf("%s: %s is called where the stack must not move, and is not nosplit", fset.Position(fn.Pos()), name)
		}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			switch f := call.Fun.(type) {
			case *ast.Ident:
				todo = append(todo, f.Name)
			case *ast.SelectorExpr:
				if pkg, ok := f.X.(*ast.Ident); !ok || pkg.Name != "unsafe" && pkg.Name != "syscall" {
					todo = append(todo, f.Sel.Name)
				}
			}
			return true
		})
	}
	for _, name := range []string{"fill", "prepare", "aim", "nr", "primeRest", "primeOdd", "allows"} {
		if !seen[name] {
			t.Errorf("%s was not looked at", name)
		}
	}
}

// TestLinks links the package as debuggers and others have it compiled: what
// has no stack checks must find room on the stack with large frames, too. The
// linker sees to that.
func TestLinks(t *testing.T) {
	if testing.Short() {
		t.Skip()
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command")
	}
	for _, how := range []struct{ arch, flags string }{
		{runtime.GOARCH, "all=-N -l"},
		{"amd64", "-N -l"}, {"amd64", "-N"}, {"amd64", "-l"},
		{"arm64", "-N -l"}, {"arm64", "-N"}, {"arm64", "-l"},
	} {
		cmd := exec.Command("go", "test", "-c", "-o", filepath.Join(t.TempDir(), "test"), "-gcflags="+how.flags, ".")
		cmd.Env = append(cmd.Environ(), "GOARCH="+how.arch, "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s, %s: %v\n%s", how.flags, how.arch, err, out)
		}
	}
}
