// SPDX-License-Identifier: BSD-3-Clause

package gen

import (
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
)

// Checker type-checks programs. It is safe for concurrent use.
type Checker struct {
	mu      sync.Mutex // guards imp: importers are not safe for concurrent use
	imp     types.Importer
	imports *token.FileSet
}

// Imported lists what generated programs may import.
var Imported = []string{"errors", "fmt", "maps", "math/bits", "os", "path/filepath", "runtime", "slices", "strconv", "strings",
	"sync", "sync/atomic", "syscall", "time", "unsafe", "golang.org/x/sys/unix", Module + "/rt", Module + "/util"}

// Shared is a file of package rt or util as it stands in the module of the
// generated programs.
func Shared(src string) string {
	return strings.ReplaceAll(src, "\"github.com/autobatch/autobatch/internal/progen/", "\""+Module+"/")
}

// NewChecker makes a checker that finds what programs import by the go
// command run in dir, a folder of a module in which all of it can be imported.
// The error says what the go command said.
func NewChecker(dir string, env []string) (*Checker, error) {
	args := append([]string{"list", "-export", "-trimpath", "-deps", "-f", "{{.ImportPath}} {{.Export}}"}, Imported...)
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env = dir, env
	var words strings.Builder
	cmd.Stderr = &words
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list in %s: %w\n%s", dir, err, words.String())
	}
	files := map[string]string{}
	for _, l := range strings.Split(string(out), "\n") {
		if path, file, ok := strings.Cut(l, " "); ok {
			files[path] = file
		}
	}
	c := &Checker{imports: token.NewFileSet()}
	c.imp = importer.ForCompiler(c.imports, "gc", func(path string) (io.ReadCloser, error) {
		if files[path] == "" {
			return nil, fmt.Errorf("generated programs do not import %s", path)
		}
		return os.Open(files[path])
	})
	return c, nil
}

// Import makes a Checker a [types.Importer].
func (c *Checker) Import(path string) (*types.Package, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.imp.Import(path)
}

// ErrInvalid is in the error of a program that does not compile.
var ErrInvalid = errors.New("not a valid program")

// Tidy returns the program with what the compiler demands beyond meaning: a
// use of each variable and import that has none, no unused labels. Formatted
// programs stay formatted. The error wraps [ErrInvalid] when something else is wrong.
func (c *Checker) Tidy(src string) (string, error) { return c.correct(src, false) }

// Repair is Tidy for a program of which parts were taken away: it takes away
// also each statement that is no longer valid.
func (c *Checker) Repair(src string) (string, error) { return c.correct(src, true) }

func (c *Checker) correct(src string, repair bool) (string, error) {
	formatted := isFormatted(src)
	for range 20 {
		next, err := c.once(src, repair)
		if err != nil {
			return "", err
		}
		if next == src {
			return src, nil
		}
		if src = next; formatted {
			out, err := format.Source([]byte(src))
			if err != nil {
				return "", fmt.Errorf("%w: %w", ErrInvalid, err)
			}
			src = string(out)
		}
	}
	return "", fmt.Errorf("%w: every correction needs another", ErrInvalid)
}

func isFormatted(src string) bool {
	out, err := format.Source([]byte(src))
	return err == nil && string(out) == src
}

// edit replaces src[from:to].
type edit struct {
	from, to int
	text     string
}

func (c *Checker) once(src string, repair bool) (string, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "main.go", src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	var edits []edit
	var wrong error
	conf := types.Config{Importer: c, Sizes: types.SizesFor("gc", "amd64"), GoVersion: "go1.26"}
	conf.Error = func(err error) {
		var te types.Error
		if !errors.As(err, &te) {
			wrong = err
			return
		}
		e, ok := correction(fset, f, te)
		if !ok && repair {
			e, ok = removal(fset, f, te)
		}
		if !ok {
			if wrong == nil {
				wrong = err
			}
			return
		}
		edits = append(edits, e)
	}
	conf.Check("main", fset, []*ast.File{f}, nil) // errors were handed to conf.Error
	if wrong != nil {
		return "", fmt.Errorf("%w: %w", ErrInvalid, wrong)
	}
	// From the end; of those that overlap only the last, the others come again.
	slices.SortStableFunc(edits, func(a, b edit) int { return b.from - a.from })
	limit := len(src)
	for _, e := range edits {
		if e.to <= limit {
			src = src[:e.from] + e.text + src[e.to:]
			limit = e.from
		}
	}
	return src, nil
}

// correction is what to do about one complaint of the type checker.
func correction(fset *token.FileSet, f *ast.File, te types.Error) (edit, bool) {
	at := fset.Position(te.Pos).Offset
	if name, ok := strings.CutPrefix(te.Msg, "declared and not used: "); ok {
		end, head := useAt(f, te.Pos)
		if !end.IsValid() {
			return edit{}, false
		}
		o := fset.Position(end).Offset
		if head {
			return edit{o, o, " _ = " + name + "; "}, true
		}
		return edit{o, o, "; _ = " + name}, true
	}
	if strings.Contains(te.Msg, " imported ") && strings.HasSuffix(te.Msg, " and not used") {
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.IMPORT {
				continue
			}
			for _, s := range g.Specs {
				if s.Pos() <= te.Pos && te.Pos < s.End() {
					path := s.(*ast.ImportSpec).Path.Value
					return edit{fset.Position(s.Pos()).Offset, fset.Position(s.End()).Offset, "_ " + path}, true
				}
			}
		}
		return edit{}, false
	}
	if strings.HasPrefix(te.Msg, "label ") && strings.HasSuffix(te.Msg, "not used") {
		name := strings.Fields(te.Msg)[1]
		return edit{at, at + len(name) + 1, ""}, true
	}
	return edit{}, false
}

// removal takes away the innermost statement with the error in it, or what
// depends on it at package level.
func removal(fset *token.FileSet, f *ast.File, te types.Error) (edit, bool) {
	if te.Msg == "missing return" {
		o := fset.Position(te.Pos).Offset
		return edit{o, o, "; panic(0); "}, true
	}
	var in ast.Node
	list := func(stmts []ast.Stmt) {
		for _, s := range stmts {
			if s.Pos() <= te.Pos && te.Pos < s.End() {
				in = s
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			list(n.List)
		case *ast.CaseClause:
			list(n.Body)
		}
		return true
	})
	if in == nil {
		return edit{}, false
	}
	return edit{fset.Position(in.Pos()).Offset, fset.Position(in.End()).Offset, ""}, true
}

// useAt finds where a variable declared at pos can be used: behind the
// statement in a list that declares it, or where the block begins whose
// header does (head).
func useAt(f *ast.File, pos token.Pos) (end token.Pos, head bool) {
	list := func(stmts []ast.Stmt) {
		for _, s := range stmts {
			if s.Pos() > pos || pos >= s.End() {
				continue
			}
			switch x := s.(type) {
			case *ast.LabeledStmt:
				s = x.Stmt
			}
			switch x := s.(type) {
			case *ast.AssignStmt, *ast.DeclStmt:
				end, head = s.End(), false
			case *ast.IfStmt:
				end, head = x.Body.Lbrace+1, true
			case *ast.ForStmt:
				end, head = x.Body.Lbrace+1, true
			case *ast.RangeStmt:
				end, head = x.Body.Lbrace+1, true
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if n == nil || pos < n.Pos() || pos >= n.End() {
			return false
		}
		switch n := n.(type) {
		case *ast.BlockStmt:
			list(n.List)
		case *ast.CaseClause:
			list(n.Body)
		case *ast.IfStmt: // else if
			if n.Init != nil && n.Init.Pos() <= pos && pos < n.Init.End() {
				end, head = n.Body.Lbrace+1, true
			}
		}
		return true
	})
	return end, head
}
