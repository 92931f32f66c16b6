// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// fake edits the module in the working directory: in each program it commits
// one crime of the given kind as often as it can in one function.
func fake(crime string) error {
	files, err := filepath.Glob("p*/p*.go")
	if err != nil {
		return err
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		out, err := commit(crime, string(b))
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if err := os.WriteFile(file, []byte(out), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// commit returns src with crimes in it.
func commit(crime, src string) (string, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", src, 0)
	if err != nil {
		return "", err
	}
	off := func(p token.Pos) int { return fset.Position(p).Offset }
	text := func(n ast.Node) string { return src[off(n.Pos()):off(n.End())] }
	type edit struct {
		from, to int
		text     string
	}
	var edits []edit // in order, not overlapping
	add := func(n ast.Node, s string) {
		if len(edits) == 0 || edits[len(edits)-1].to <= off(n.Pos()) {
			edits = append(edits, edit{off(n.Pos()), off(n.End()), s})
		}
	}
	calls := map[string]bool{} // names of the packages that make system calls
	for _, im := range f.Imports {
		if path := im.Path.Value; path == `"syscall"` || path == `"golang.org/x/sys/unix"` {
			name := strings.Trim(path[strings.LastIndexByte(path, '/')+1:], `"`)
			if im.Name != nil {
				name = im.Name.Name
			}
			calls[name] = true
		}
	}
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || !strings.HasPrefix(fn.Name.Name, "f") {
			continue
		}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BlockStmt:
				if crime != "swap" {
					return true
				}
				for i := 0; i+1 < len(n.List); i++ {
					a, b := n.List[i], n.List[i+1]
					if ca, cb := bare(a, calls), bare(b, calls); ca != nil && cb != nil && text(ca) != text(cb) {
						add(a, text(b)+"\n"+text(a))
						add(b, "")
						i++
					}
				}
			case *ast.IfStmt:
				if x, ok := n.Cond.(*ast.BinaryExpr); ok && crime == "ignore" && x.Op == token.NEQ && text(x.Y) == "nil" {
					add(x, text(x)+" && gn == -12345")
				}
			case *ast.UnaryExpr:
				if id, ok := n.X.(*ast.Ident); ok && crime == "destination" && n.Op == token.AND && strings.HasPrefix(id.Name, "st") &&
					!strings.HasPrefix(id.Name, "sts") {
					add(n, "&gst")
				}
			}
			return true
		})
	}
	for i := len(edits) - 1; i >= 0; i-- {
		src = src[:edits[i].from] + edits[i].text + src[edits[i].to:]
	}
	return src, nil
}

// bare is the system call of a statement that consists of a call whose
// results, if any, go nowhere or to one place, or of the test of a call.
func bare(s ast.Stmt, packages map[string]bool) *ast.CallExpr {
	var x ast.Expr
	switch s := s.(type) {
	case *ast.IfStmt:
		if init, ok := s.Init.(*ast.AssignStmt); ok && init.Tok == token.DEFINE && len(init.Rhs) == 1 {
			x = init.Rhs[0]
		}
	case *ast.ExprStmt:
		x = s.X
	case *ast.AssignStmt:
		if len(s.Rhs) == 1 && s.Tok == token.ASSIGN {
			x = s.Rhs[0]
		}
	}
	c, ok := x.(*ast.CallExpr)
	if !ok {
		return nil
	}
	sel, ok := c.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name == "CloseRange" { // what others wait for
		return nil
	}
	if id, ok := sel.X.(*ast.Ident); !ok || !packages[id.Name] {
		return nil
	}
	return c
}
