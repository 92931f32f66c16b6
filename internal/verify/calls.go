// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"github.com/autobatch/autobatch/internal/effects"
	"github.com/autobatch/autobatch/internal/rtdecl"
)

const unixPath = "golang.org/x/sys/unix"

// syscall is what is known of a system call, made by a wrapper or by an entry.
type syscall struct {
	name   string // the constructor that stands for it
	row    *effects.Func
	result effects.Result
	sync   effects.Sync
	blocks bool
	raw    bool
	types  string // of the parameters
}

// function is the function of another package that a call names, or nil.
func (s *side) function(call *ast.CallExpr) *types.Func {
	var id *ast.Ident
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id = f.Sel
	default:
		return nil
	}
	fn, ok := s.object(id).(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Signature().Recv() != nil || fn.Parent() != fn.Pkg().Scope() {
		return nil
	}
	return fn
}

// syscall returns what the table knows of a plain call, or nil if it is not
// one that may become an entry.
func (s *side) syscall(call *ast.CallExpr, goarch string) *syscall {
	fn := s.function(call)
	if fn == nil || call.Ellipsis.IsValid() {
		return nil
	}
	path := strings.TrimPrefix(fn.Pkg().Path(), "vendor/")
	if path != unixPath && path != "syscall" {
		return nil
	}
	row := effects.Lookup(path, fn.Name())
	if row == nil && path == "syscall" {
		// Syscall and friends are functions of both packages.
		if r := effects.Lookup(unixPath, fn.Name()); r != nil && r.Reason == effects.ReasonRaw {
			row = r
		}
	}
	if row == nil {
		return nil
	}
	if row.Reason == effects.ReasonRaw {
		return s.rawCall(fn.Name(), fn, call, goarch)
	}
	if !row.Possible() || len(row.Params) != len(call.Args) || s.keepsMemory(row, call) || !s.given(row, call) || s.sharesAddress(row, call) {
		return nil
	}
	name := row.Name
	if path == "syscall" && row.StdParams != nil {
		name = "Sys" + name
	}
	return &syscall{name: name, row: row, result: row.Result, sync: row.Sync, blocks: row.Blocks, types: typeKey(fn.Signature().Params())}
}

// entryCall returns the same for a constructor's call.
func (s *side) entryCall(call *ast.CallExpr, goarch string) *syscall {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || call.Ellipsis.IsValid() {
		return nil
	}
	fn, ok := s.object(sel.Sel).(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Pkg().Path() != rtdecl.ImportPath {
		return nil
	}
	row := effects.Lookup(unixPath, fn.Name())
	if row == nil {
		if n, ok := strings.CutPrefix(fn.Name(), "Sys"); ok {
			if row = effects.Lookup("syscall", n); row != nil && row.StdParams == nil {
				row = nil
			}
		}
	}
	if row == nil {
		return nil
	}
	if row.Reason == effects.ReasonRaw {
		return s.rawCall(fn.Name(), fn, call, goarch)
	}
	if !row.Possible() || len(row.Params) != len(call.Args) || s.keepsMemory(row, call) || !s.given(row, call) || s.sharesAddress(row, call) {
		return nil
	}
	return &syscall{name: fn.Name(), row: row, result: row.Result, sync: row.Sync, blocks: row.Blocks, types: typeKey(fn.Signature().Params())}
}

// given reports whether a call's constants are those that the row is for.
func (s *side) given(row *effects.Func, call *ast.CallExpr) bool {
	for _, g := range row.Given {
		if n, ok := s.number(call.Args[g.Param]); !ok || !g.Holds(n) {
			return false
		}
	}
	return true
}

// keepsMemory reports whether the flags of a send may leave the buffer in the
// kernel's hands.
func (s *side) keepsMemory(row *effects.Func, call *ast.CallExpr) bool {
	const zeroCopy = 0x4000000 // MSG_ZEROCOPY of linux/socket.h
	if row.Name != "Send" {
		return false
	}
	flags, ok := s.number(call.Args[2])
	return !ok || flags&zeroCopy != 0
}

// sharesAddress reports whether a socket address is given in such a way that
// other code might see what the wrapper's encoding writes into it, or is of a
// type that no entry encodes. A literal of one of the listed structs, with & in
// front of it, is the call's own.
func (s *side) sharesAddress(row *effects.Func, call *ast.CallExpr) bool {
	for i, p := range row.Params {
		if p.Kind != effects.Sockaddr {
			continue
		}
		op, isOp := ast.Unparen(call.Args[i]).(*ast.UnaryExpr)
		if !isOp || op.Op != token.AND {
			return true
		}
		if _, isLit := ast.Unparen(op.X).(*ast.CompositeLit); !isLit {
			return true
		}
		known := false
		for _, name := range effects.Sockaddrs {
			known = known || strings.TrimPrefix(types.TypeString(types.Unalias(s.typeOf(op.X)), nil), "vendor/") == unixPath+"."+name
		}
		if !known {
			return true
		}
	}
	return false
}

// rawCall is a call by number. All functions that make a call of that number
// speak for it: whom any of them may wake or wait for, it may; what any of
// them passes as an address must be zero; and if any of them may not be an
// entry for what the call itself does, it may not.
func (s *side) rawCall(name string, fn *types.Func, call *ast.CallExpr, goarch string) *syscall {
	switch name {
	case "Syscall", "Syscall6", "RawSyscall", "RawSyscall6":
	default:
		return nil
	}
	if len(call.Args) != fn.Signature().Params().Len() || len(call.Args) == 0 || goarch == "" {
		return nil
	}
	nr, ok := s.number(call.Args[0])
	if !ok {
		return nil
	}
	x := &syscall{name: name, raw: true, result: effects.ResRaw, types: typeKey(fn.Signature().Params())}
	for _, r := range effects.ByNumber(goarch, int(nr)) {
		switch r.Reason {
		case "":
			x.row = r
			x.sync |= r.Sync
			x.blocks = x.blocks || r.Blocks
		case effects.ReasonWrapper, effects.ReasonVersion: // of the function, not of the call
			x.sync, x.blocks = effects.Acquire|effects.Release, true
		default:
			return nil
		}
		for i, w := range r.Linux[goarch].Words {
			switch w.Kind {
			case effects.WordConst, effects.WordParam, effects.WordParam32, effects.WordLen, effects.WordSockaddrLen:
				continue
			}
			if i+1 >= len(call.Args) {
				return nil
			}
			if n, ok := s.number(call.Args[i+1]); !ok || n != 0 {
				return nil
			}
		}
	}
	if x.row == nil {
		return nil
	}
	return x
}

// number is the value of a constant.
func (s *side) number(e ast.Expr) (int64, bool) {
	v := s.Info.Types[e].Value
	if v == nil {
		return 0, false
	}
	return constant.Int64Val(constant.ToInt(v))
}

// goarchOf finds the architecture that a package was checked for, of those
// that calls by number are known for, from the numbers that the packages it
// imports declare. "" if it cannot.
func goarchOf(p *types.Package) string {
	seen := map[*types.Package]bool{}
	var find func(p *types.Package) string
	find = func(p *types.Package) string {
		if seen[p] {
			return ""
		}
		seen[p] = true
		if path := strings.TrimPrefix(p.Path(), "vendor/"); path == unixPath || path == "syscall" {
			nr := func(name string) int64 {
				c, ok := p.Scope().Lookup(name).(*types.Const)
				if !ok {
					return -1
				}
				n, _ := constant.Int64Val(c.Val())
				return n
			}
			for _, arch := range []string{"amd64", "arm64"} {
				if int64(effects.Lookup(unixPath, "Getppid").Linux[arch].NR) == nr("SYS_GETPPID") &&
					int64(effects.Lookup(unixPath, "Fsync").Linux[arch].NR) == nr("SYS_FSYNC") &&
					int64(effects.Lookup(unixPath, "Openat").Linux[arch].NR) == nr("SYS_OPENAT") {
					return arch
				}
			}
			return ""
		}
		for _, q := range p.Imports() {
			if a := find(q); a != "" {
				return a
			}
		}
		return ""
	}
	return find(p)
}
