// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
)

// withReport returns a Go file with its main function, if it has one, called
// vmMain and its calls of os.Exit made to the package report.
func withReport(src []byte, report string) (text []byte, isMain bool, err error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", src, parser.SkipObjectResolution)
	if err != nil {
		return nil, false, err
	}
	type edit struct {
		from, to token.Pos
		text     string
	}
	var edits []edit
	osName := ""
	for _, im := range f.Imports {
		if path, _ := strconv.Unquote(im.Path.Value); path == "os" {
			if osName = "os"; im.Name != nil {
				osName = im.Name.Name
			}
		}
	}
	exits := false
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "main" && f.Name.Name == "main" {
				isMain = true
				edits = append(edits, edit{n.Name.Pos(), n.Name.End(), "vmMain"})
			}
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && osName != "" && x.Name == osName && n.Sel.Name == "Exit" {
				exits = true
				edits = append(edits, edit{n.Pos(), n.End(), "vmreport.Exit"})
			}
		}
		return true
	})
	if exits {
		edits = append(edits, edit{f.Name.End(), f.Name.End(), fmt.Sprintf("; import %q", report)})
	}
	slices.SortFunc(edits, func(a, b edit) int { return int(a.from - b.from) })
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		out.Write(src[at:fset.Position(e.from).Offset])
		out.WriteString(e.text)
		at = fset.Position(e.to).Offset
	}
	out.Write(src[at:])
	if exits {
		fmt.Fprintf(&out, "\nvar _ = %s.Exit\n", osName)
	}
	return out.Bytes(), isMain, nil
}
