// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package traptest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// fakeVar makes the test binary act as a rewriter; its value names the crime.
const fakeVar = "TRAPTEST_FAKE"

// fake edits the module in the working directory: in each program it commits
// one crime of the given kind at the first place that offers itself.
func fake(crime string) error {
	programs, err := Programs(".")
	if err != nil {
		return err
	}
	for _, p := range programs {
		file := filepath.Join(p.Name, "main.go")
		src, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		out, err := commit(crime, string(src))
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if out != string(src) {
			if err := os.WriteFile(file, []byte(out), 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// commit returns src with one crime in it, or src itself when it offers none.
func commit(crime, src string) (string, error) {
	switch crime {
	case "nothing":
		return src, nil
	case "format":
		return strings.Replace(src, "\n\ttrap.Begin()\n", "\n\t\ttrap.Begin()\n", 1), nil
	case "comment":
		return strings.Replace(src, "// why: ", "// WHY: ", 1), nil
	case "keep":
		return strings.Replace(src, " // KEEP: behind an assignment", "", 1), nil
	case "build":
		return strings.Replace(src, "trap.Begin()", "trap.Begin(1)", 1), nil
	case "stdout":
		return addLine(src, "fmt.Println()")
	case "stderr":
		return addLine(src, "println()")
	case "exit":
		return addLine(src, "defer panic(7)")
	case "vet":
		return addLine(src, `fmt.Printf("%d\n", "x")`)
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "main.go", src, parser.ParseComments)
	if err != nil {
		return "", err
	}
	done := false
	ast.Inspect(f, func(n ast.Node) bool {
		block, ok := n.(*ast.BlockStmt)
		if !ok || done {
			return !done
		}
		for i, s := range block.List {
			call := plainCall(s)
			if call == nil || fset.Position(call.Pos()).Offset < strings.Index(src, "trap.Begin()") {
				continue // before the marker anything goes
			}
			switch crime {
			case "swap": // two neighbours change places
				if i+1 == len(block.List) || plainCall(block.List[i+1]) == nil || text(fset, s) == text(fset, block.List[i+1]) {
					continue
				}
				block.List[i], block.List[i+1] = block.List[i+1], block.List[i]
			case "drop": // one is never made
				as, ok := s.(*ast.AssignStmt)
				if !ok || as.Tok != token.DEFINE || len(as.Lhs) != 1 || strings.Contains(text(fset, s), "Umask") {
					continue
				}
				as.Rhs[0] = never(call)
			case "twice": // one is made once more
				block.List = append(block.List[:i+1], append([]ast.Stmt{&ast.ExprStmt{X: call}}, block.List[i+1:]...)...)
			case "argument": // a number is another
				lit := number(call)
				if lit == nil {
					continue
				}
				lit.Value = "1+" + lit.Value
			default:
				panic("unknown crime " + crime)
			}
			done = true
			return false
		}
		return true
	})
	if !done {
		return src, nil
	}
	var b bytes.Buffer
	if err := format.Node(&b, fset, f); err != nil {
		return "", err
	}
	return b.String(), nil
}

// addLine adds a line behind the first end marker and formats the file.
func addLine(src, line string) (string, error) {
	out, err := format.Source([]byte(strings.Replace(src, "\ttrap.End()\n", "\ttrap.End()\n"+line+"\n", 1)))
	return string(out), err
}

// plainCall returns the call of a statement that is nothing but
// a call of package unix, with or without an assignment.
func plainCall(s ast.Stmt) *ast.CallExpr {
	var x ast.Expr
	switch s := s.(type) {
	case *ast.ExprStmt:
		x = s.X
	case *ast.AssignStmt:
		if len(s.Rhs) == 1 {
			x = s.Rhs[0]
		}
	}
	call, ok := x.(*ast.CallExpr)
	if !ok {
		return nil
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	if id, ok := sel.X.(*ast.Ident); ok && id.Name == "unix" {
		return call
	}
	return nil
}

// never is a function literal, called at once, that does not make the call.
func never(call *ast.CallExpr) ast.Expr {
	err := ast.NewIdent("err")
	return &ast.CallExpr{Fun: &ast.FuncLit{
		Type: &ast.FuncType{
			Params:  &ast.FieldList{},
			Results: &ast.FieldList{List: []*ast.Field{{Names: []*ast.Ident{err}, Type: ast.NewIdent("error")}}},
		},
		Body: &ast.BlockStmt{List: []ast.Stmt{
			&ast.IfStmt{Cond: ast.NewIdent("false"), Body: &ast.BlockStmt{List: []ast.Stmt{
				&ast.AssignStmt{Lhs: []ast.Expr{err}, Tok: token.ASSIGN, Rhs: []ast.Expr{call}},
			}}},
			&ast.ReturnStmt{},
		}},
	}}
}

func number(call *ast.CallExpr) *ast.BasicLit {
	for _, a := range call.Args {
		if l, ok := a.(*ast.BasicLit); ok && l.Kind == token.INT {
			return l
		}
	}
	return nil
}

func text(fset *token.FileSet, n ast.Node) string {
	var b bytes.Buffer
	format.Node(&b, fset, n)
	return b.String()
}
