// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"

	"github.com/autobatch/autobatch/internal/effects"
)

// encode turns what was read into the table's form.
func encode(s *sem) (effects.Enc, error) {
	var enc effects.Enc
	nr, ok := s.nr.(known)
	if !ok {
		return enc, fmt.Errorf("its call number %s is not constant", s.nr)
	}
	n, _ := constant.Int64Val(constant.ToInt(nr.c))
	enc.NR, enc.Guard = int(n), s.guard
	for _, x := range s.words {
		w, err := word(x)
		if err != nil {
			return enc, err
		}
		enc.Words = append(enc.Words, w)
	}
	for n := len(enc.Words); n > 0 && enc.Words[n-1] == (effects.Word{}); n-- {
		enc.Words = enc.Words[:n-1] // missing registers are zero
	}
	return enc, nil
}

func constBits(c constant.Value) (uint64, bool) {
	c = constant.ToInt(c)
	if n, ok := constant.Uint64Val(c); ok {
		return n, true
	}
	n, ok := constant.Int64Val(c)
	return uint64(n), ok
}

func word(x val) (effects.Word, error) {
	bad := fmt.Errorf("passes %s, which no entry can hold", x)
	of := func(kind effects.WordKind, x val, also func(types.Type) bool) (effects.Word, error) {
		a, ok := x.(arg)
		if !ok || !also(a.t) {
			return effects.Word{}, bad
		}
		return effects.Word{Kind: kind, Param: a.i}, nil
	}
	slice := func(t types.Type) bool { _, ok := t.(*types.Slice); return ok }
	switch x := x.(type) {
	case known:
		n, ok := constBits(x.c)
		if !ok {
			return effects.Word{}, bad
		}
		return effects.Word{Kind: effects.WordConst, Const: n}, nil
	case arg:
		if isInteger(x.t) {
			return effects.Word{Kind: effects.WordParam, Param: x.i}, nil
		}
		return of(effects.WordPtr, x, isPointer)
	case conv:
		w, err := of(effects.WordParam, x.x, isInteger)
		w.Trunc = x.t.String()
		return w, err
	case bin:
		k, ok := x.y.(known)
		n, exact := uint64(0), false
		if ok {
			n, exact = constBits(k.c)
		}
		if x.op != token.OR || !exact {
			return effects.Word{}, bad
		}
		w, err := of(effects.WordParam32, x.x, isInteger)
		w.Const = n
		return w, err
	case path:
		return of(effects.WordPath, x.x, isString)
	case pathNil:
		return of(effects.WordPathNil, x.x, isString)
	case data:
		return of(effects.WordData, x.x, slice)
	case dataNil:
		if !x.guarded {
			return effects.Word{}, bad
		}
		return of(effects.WordDataNil, x.x, slice)
	case length:
		return of(effects.WordLen, x.x, slice)
	case sockaddr:
		return of(effects.WordSockaddr, x.x, isSockaddr)
	case sockaddrLen:
		return of(effects.WordSockaddrLen, x.x, isSockaddr)
	case cell:
		w, err := word(x.x)
		if err != nil || w.Kind != effects.WordParam {
			return effects.Word{}, bad
		}
		w.Kind = effects.WordImm
		return w, nil
	}
	return effects.Word{}, bad
}

func isString(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Kind() == types.String
}

// isSockaddr recognises the interface type that x/sys and syscall have for
// socket addresses.
func isSockaddr(t types.Type) bool {
	n, ok := t.(*types.Named)
	return ok && n.Obj().Name() == "Sockaddr" && types.IsInterface(n)
}

func isPointer(t types.Type) bool {
	switch t := t.(type) {
	case *types.Pointer:
		return true
	case *types.Basic:
		return t.Kind() == types.UnsafePointer
	}
	return false
}

// paramKind classifies a parameter by its type.
func paramKind(t types.Type) effects.ParamKind {
	switch {
	case t == nil:
		return effects.Other
	case isInteger(t):
		return effects.Integer
	case isPointer(t):
		return effects.Pointer
	case isSockaddr(t):
		return effects.Sockaddr
	}
	switch u := t.(type) {
	case *types.Basic:
		if u.Kind() == types.String {
			return effects.Path
		}
	case *types.Slice:
		if b, ok := u.Elem().(*types.Basic); ok && b.Kind() == types.Uint8 {
			return effects.Bytes
		}
		return effects.Slice
	}
	return effects.Other
}

// resultForm classifies the results of a signature.
func resultForm(rs []goParam) effects.Result {
	name := func(i int) string { return types.ExprString(rs[i].expr) }
	switch len(rs) {
	case 0:
		return effects.ResNone
	case 1:
		switch name(0) {
		case "error":
			return effects.ResErr
		case "int":
			return effects.ResInt
		}
	case 2:
		if name(1) == "error" {
			switch name(0) {
			case "int":
				return effects.ResIntErr
			case "int64":
				return effects.ResInt64Err
			case "uintptr":
				return effects.ResUintptrErr
			case "unsafe.Pointer":
				return effects.ResPtrErr
			}
		}
	}
	return effects.ResOther
}

// fits says why the results that were read are not what form's accessor in
// batchrt gives, or "".
func (s *sem) fits(form effects.Result) string {
	want := map[effects.Result]string{effects.ResErr: "[err]", effects.ResInt: "[r0]", effects.ResNone: "[]",
		effects.ResIntErr: "[r0 err]", effects.ResInt64Err: "[r0 err]", effects.ResUintptrErr: "[r0 err]", effects.ResPtrErr: "[r0 err]"}
	w, ok := want[form]
	if !ok {
		return "has results of a form that no entry has"
	}
	if got := fmt.Sprint(s.results); got != w {
		return "returns other values than the kernel's: " + got
	}
	if form == effects.ResInt && !s.noError {
		return "drops the call's error"
	}
	if s.noError && form != effects.ResInt && form != effects.ResNone {
		return "makes an error of a call that reports none"
	}
	return ""
}

// holdsPointer names the first field of t that holds an address, or "".
func holdsPointer(t types.Type, name string, depth int) string {
	if depth > 6 {
		return name
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map, *types.Chan, *types.Signature, *types.Interface:
		return name
	case *types.Basic:
		if u.Kind() == types.UnsafePointer || u.Kind() == types.String || u.Kind() == types.Invalid {
			return name
		}
	case *types.Array:
		return holdsPointer(u.Elem(), name, depth+1)
	case *types.Struct:
		for i := range u.NumFields() {
			if p := holdsPointer(u.Field(i).Type(), name+"."+u.Field(i).Name(), depth+1); p != "" {
				return p
			}
		}
	}
	return ""
}
