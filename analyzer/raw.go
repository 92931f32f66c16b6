// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/autobatch/autobatch/internal/effects"
)

// rawArgs is how many arguments the raw entry points take, trap included.
var rawArgs = map[string]int{"Syscall": 4, "RawSyscall": 4, "Syscall6": 7, "RawSyscall6": 7}

// rawSyscall makes a row for a raw call with a constant number, from the rows
// of the functions that make the call of that number.
//
// Restrictions: the file is for Linux only; no argument is an address (where
// the call takes one, the argument is the constant 0); no row of that number
// is one that changes the thread's or process's state or keeps memory.
func (f *function) rawSyscall(x *ast.CallExpr, fn *types.Func) *call {
	if rawArgs[fn.Name()] != len(x.Args) || f.file == nil {
		return nil
	}
	for _, os := range f.file.config.systems {
		if !f.file.pkg.never[os] {
			return nil
		}
	}
	arch := tableArch(fn.Pkg())
	nr, ok := constInt(f.pass.TypesInfo, x.Args[0])
	if !ok || arch == "" || !f.isNumberName(x.Args[0]) {
		return nil
	}
	row := &effects.Func{Name: fn.Name(), Result: effects.ResRaw}
	for range x.Args {
		row.Params = append(row.Params, effects.Param{Name: "a", Type: "uintptr", Kind: effects.Integer})
	}
	possible := false
	for _, r := range effects.ByNumber(arch, int(nr)) {
		switch r.Reason {
		case "":
			possible = true
			row.Sync |= r.Sync
			row.Blocks = row.Blocks || r.Blocks
		case effects.ReasonWrapper, effects.ReasonVersion:
			row.Sync, row.Blocks = effects.Acquire|effects.Release, true
		default:
			return nil
		}
		for i, w := range r.Linux[arch].Words {
			switch w.Kind {
			case effects.WordConst, effects.WordParam, effects.WordParam32, effects.WordLen, effects.WordSockaddrLen:
				continue
			}
			if i+1 >= len(x.Args) {
				return nil
			}
			if n, ok := constInt(f.pass.TypesInfo, x.Args[i+1]); !ok || n != 0 || !f.literal(x.Args[i+1]) {
				return nil
			}
		}
	}
	if !possible {
		return nil
	}
	for _, a := range x.Args {
		if namesPointer(f.pass.TypesInfo, a) {
			return nil
		}
	}
	return &call{expr: x, fn: row, std: fn.Pkg().Path() == syscallPath, raw: true}
}

// isNumberName reports whether e is a SYS_ constant of x/sys/unix or syscall: a
// bare number is another call on another GOARCH.
func (f *function) isNumberName(e ast.Expr) bool {
	var id *ast.Ident
	switch x := ast.Unparen(e).(type) {
	case *ast.SelectorExpr:
		id = x.Sel
	case *ast.Ident:
		id = x
	default:
		return false
	}
	c, ok := f.pass.TypesInfo.Uses[id].(*types.Const)
	return ok && c.Pkg() != nil && (c.Pkg().Path() == unixPath || c.Pkg().Path() == syscallPath) && strings.HasPrefix(c.Name(), "SYS_")
}

// tableArch is the GOARCH whose call numbers the package has, as far as the
// table tells them apart: arm64's are those of every newer port.
func tableArch(pkg *types.Package) string {
	c, ok := pkg.Scope().Lookup("SYS_READ").(*types.Const)
	if !ok {
		return ""
	}
	switch c.Val().String() {
	case "0":
		return "amd64"
	case "63":
		return "arm64"
	}
	return ""
}

// namesPointer reports whether an address is made a number in e.
func namesPointer(info *types.Info, e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		x, ok := n.(ast.Expr)
		if !ok || found {
			return !found
		}
		t := info.TypeOf(x)
		if t == nil {
			return true
		}
		switch u := types.Unalias(t).Underlying().(type) {
		case *types.Pointer, *types.Chan, *types.Map, *types.Slice:
			found = true
		case *types.Basic:
			found = u.Kind() == types.UnsafePointer
		}
		return !found
	})
	return found
}
