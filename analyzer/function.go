// SPDX-License-Identifier: BSD-3-Clause

package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/autobatch/autobatch/internal/effects"
)

// function is the state of the analysis of one top-level function, function
// literals inside it included.
type function struct {
	pass    *analysis.Pass
	file    *fileState
	decl    *ast.FuncDecl
	vars    *varFacts
	dests   map[*types.Var]bool // variables that a system call is given the address of
	hasGoto bool
	groupAt token.Pos // of the group that is being grown
	path    []frame   // statement lists around the place the walk is at

	loop      *loop                  // that is being strip-mined
	guards    []string               // conditions that its strips need
	guardsOK  bool                   // code is looked at that a guard may make safe
	ahead     bool                   // arguments are looked at as those of an iteration to come
	assume    map[string]bool        // rules that are relaxed in the function
	relaxed   map[string]bool        // those of them that made a difference
	inRegion  map[*ast.CallExpr]bool // calls that are entries of a region already
	sideExits bool                   // silent handlers end the batch, too

	fixedEnd     token.Pos // the least that counts as the end of the region
	regionEnd    token.Pos // of the region that is being looked at
	confinedVars map[*types.Var]confinement

	moved   map[types.Object]bool // declared between the calls of the group, by statements that move before it
	assumed map[*types.Var]bool   // pointers that a summary takes for non-nil: true once that was needed
}

func newFunction(file *fileState, decl *ast.FuncDecl) *function {
	f := &function{pass: file.pass, file: file, decl: decl, dests: map[*types.Var]bool{}, confinedVars: map[*types.Var]confinement{}, inRegion: map[*ast.CallExpr]bool{},
		relaxed: map[string]bool{}}
	f.assume = file.assumes(decl)
	args := map[ast.Expr]bool{}
	apart := map[*ast.CallExpr]bool{} // made at another time, or in another goroutine
	ast.Inspect(decl, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BranchStmt:
			f.hasGoto = f.hasGoto || n.Tok == token.GOTO
		case *ast.GoStmt:
			apart[n.Call] = true
		case *ast.DeferStmt:
			apart[n.Call] = true
		case *ast.CallExpr:
			if c := f.syscall(n); c != nil && c.fn.Possible() && !apart[n] {
				for _, a := range n.Args {
					args[ast.Unparen(a)] = true
				}
			}
		}
		return true
	})
	f.vars = collectVars(f.pass.TypesInfo, decl, func(e ast.Expr) bool { return args[e] })
	f.vars.later = f.later
	for a := range args {
		switch x := a.(type) {
		case *ast.UnaryExpr:
			if v := f.vars.storage(x.X); v != nil && x.Op == token.AND {
				f.dests[v] = true
			}
		case *ast.SliceExpr:
			if v := f.vars.storage(x.X); v != nil {
				f.dests[v] = true
			}
		}
	}
	return f
}

// isDestination reports whether some system call of the function may write v.
func (f *function) isDestination(v *types.Var) bool { return f.dests[v] }

// fixed reports whether a name of another package means the same in every
// configuration: constants and types of the standard library and x/sys. What
// other modules' packages declare may depend on build tags.
func (f *function) fixed(obj types.Object) bool {
	if v, ok := obj.(*types.Var); ok && v.IsField() {
		return true
	}
	if _, ok := obj.(*types.PkgName); ok {
		return true
	}
	path := obj.Pkg().Path()
	if m := f.pass.Module; m != nil && (path == m.Path || strings.HasPrefix(path, m.Path+"/")) && m.Path != "std" {
		return false
	}
	return path == unixPath || effects.Standard(path)
}

// src is the source text of a node, shortened for messages.
func (f *function) src(n ast.Node) string {
	s := string(f.file.text(n.Pos(), n.End()))
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 60 {
		s = s[:57] + "..."
	}
	return s
}

// call is a call of a function that the effects table knows.
type call struct {
	expr *ast.CallExpr
	fn   *effects.Func
	std  bool // package syscall's
	raw  bool // Syscall, RawSyscall, ...: fn is made up for this call
}

func (c *call) hasErr() bool {
	switch c.fn.Result {
	case effects.ResInt, effects.ResNone:
		return false
	}
	return true
}

// copies reports whether the wrapper makes a copy of an argument: of a path, or of
// a socket address, which it moves to the heap.
func (c *call) copies() bool { return slices.ContainsFunc(c.fn.Params, effects.Param.Copied) }

// results counts the values the call returns.
func (c *call) results() int {
	switch c.fn.Result {
	case effects.ResErr, effects.ResInt:
		return 1
	case effects.ResNone:
		return 0
	case effects.ResRaw:
		return 3
	}
	return 2
}

const (
	unixPath    = "golang.org/x/sys/unix"
	syscallPath = "syscall"
)

// callee is the function that a call names, or nil.
func callee(info *types.Info, x *ast.CallExpr) *types.Func {
	switch fun := ast.Unparen(x.Fun).(type) {
	case *ast.Ident:
		fn, _ := info.Uses[fun].(*types.Func)
		return fn
	case *ast.SelectorExpr:
		fn, _ := info.Uses[fun.Sel].(*types.Func)
		return fn
	}
	return nil
}

// syscall returns the row of the function that x calls, or nil when it is
// none of x/sys/unix's or syscall's.
func (f *function) syscall(x *ast.CallExpr) *call {
	fn := callee(f.pass.TypesInfo, x)
	if fn == nil || fn.Pkg() == nil || fn.Signature().Recv() != nil || x.Ellipsis.IsValid() {
		return nil
	}
	path := strings.TrimPrefix(fn.Pkg().Path(), "vendor/")
	if path != unixPath && path != syscallPath {
		return nil
	}
	if rawArgs[fn.Name()] > 0 {
		return f.rawSyscall(x, fn)
	}
	row := effects.Lookup(path, fn.Name())
	if row == nil || row.Reason == effects.ReasonNoCall || len(row.Params) != len(x.Args) {
		return nil
	}
	if k := row.TakesSockaddr(); k >= 0 && row.Possible() && !f.sockaddrLiteral(x.Args[k]) {
		given := *row
		given.Reason, given.Why = effects.ReasonWrapper, "it encodes the address into the value that it is given, which other code may see; write the address in the call, as in unix."+
			row.Name+"(fd, &unix.SockaddrInet4{Port: p})"
		row = &given
	}
	return &call{expr: x, fn: row, std: path == syscallPath}
}

// sockaddrLiteral reports whether e is the address of a literal of one of the
// types that batchrt encodes: a value that the call alone ever sees.
func (f *function) sockaddrLiteral(e ast.Expr) bool {
	addr, ok := ast.Unparen(e).(*ast.UnaryExpr)
	if !ok || addr.Op != token.AND {
		return false
	}
	lit, ok := ast.Unparen(addr.X).(*ast.CompositeLit)
	if !ok {
		return false
	}
	n, ok := types.Unalias(f.pass.TypesInfo.TypeOf(lit)).(*types.Named)
	return ok && n.Obj().Pkg() != nil && strings.TrimPrefix(n.Obj().Pkg().Path(), "vendor/") == unixPath &&
		slices.Contains(effects.Sockaddrs, n.Obj().Name())
}
