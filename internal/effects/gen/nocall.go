// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// purePackages are those whose functions make no system call.
var purePackages = map[string]bool{"bytes": true, "strings": true, "binary": true, "unsafe": true,
	"strconv": true, "sort": true, "slices": true, "bits": true, "errors": true, "math": true}

// pureFuncs are single functions and methods of other packages that make none.
var pureFuncs = map[string]bool{"syscall.Signal": true, "syscall.Errno": true, "time.Time": true,
	"Do": true, "Nanosecond": true, "Nanoseconds": true, "Unix": true, "UnixNano": true}

var builtins = map[string]bool{"len": true, "cap": true, "make": true, "new": true, "append": true,
	"copy": true, "panic": true, "min": true, "max": true, "delete": true, "clear": true}

// noCall says why name might make a system call on some of the arches, or ""
// when neither it nor anything it calls can.
func (m *maker) noCall(s *source, name string, arches []string) string {
	for _, a := range arches {
		v, err := s.view(port{"linux", a})
		if err != nil {
			return err.Error()
		}
		if why := v.mightCall(v.funcs[name], map[*ast.FuncDecl]bool{}); why != "" {
			return fmt.Sprintf("on %s it %s", a, why)
		}
	}
	return ""
}

func (v *view) mightCall(fd *ast.FuncDecl, seen map[*ast.FuncDecl]bool) (why string) {
	if seen[fd] {
		return ""
	}
	seen[fd] = true
	if fd.Body == nil {
		return fd.Name.Name + " has no Go body"
	}
	note := func(format string, args ...any) bool {
		if why == "" {
			why = fmt.Sprintf(format, args...)
		}
		return false
	}
	ast.Inspect(fd.Body, func(n ast.Node) bool {
		if why != "" {
			return false
		}
		switch n := n.(type) {
		case *ast.GoStmt:
			return note("starts a goroutine")
		case *ast.SendStmt, *ast.SelectStmt:
			return note("uses channels")
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				return note("uses channels")
			}
		case *ast.CallExpr:
			if w := v.calleeMight(n.Fun, seen); w != "" {
				return note("%s", w)
			}
		}
		return true
	})
	return why
}

func (v *view) calleeMight(fun ast.Expr, seen map[*ast.FuncDecl]bool) string {
	switch fun := fun.(type) {
	case *ast.ParenExpr, *ast.ArrayType, *ast.FuncLit: // conversions, and literals whose body Inspect visits
		return ""
	case *ast.Ident:
		if _, ok := rawCalls[fun.Name]; ok {
			return "calls " + fun.Name
		}
		if fd := v.funcs[fun.Name]; fd != nil {
			return v.mightCall(fd, seen)
		}
		if builtins[fun.Name] || v.typeOf(fun) != nil {
			return ""
		}
	case *ast.SelectorExpr:
		if x, ok := fun.X.(*ast.Ident); ok && purePackages[x.Name] || pureFuncs[types.ExprString(fun)] || pureFuncs[fun.Sel.Name] {
			return ""
		}
		if ms := v.methods[fun.Sel.Name]; ms != nil {
			for _, fd := range ms {
				if w := v.mightCall(fd, seen); w != "" {
					return w
				}
			}
			return ""
		}
	}
	return "calls " + types.ExprString(fun)
}
