// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"strings"
)

// A val is what the symbolic reader knows of a Go value inside a wrapper.
type val interface{ String() string }

type (
	// known is a constant; a nil pointer is the constant 0.
	known struct{ c constant.Value }
	// arg is parameter i of the function that is read, as the caller gave it.
	arg struct {
		i int
		t types.Type
	}
	// conv is an integer conversion that may change the value.
	conv struct {
		t types.Type
		x val
	}
	// bin is an integer operation.
	bin struct {
		op   token.Token
		x, y val
	}
	// path is the address of the NUL-terminated copy of string parameter i.
	path struct{ x val }
	// pathNil is path, but 0 for an empty string.
	pathNil struct{ x val }
	// data is the address of a slice's first element; of _zero when empty.
	data struct{ x val }
	// dataNil is the address of a slice's first element; 0 when empty. guarded
	// says that a length check already made "empty" mean "nil".
	dataNil struct {
		x       val
		guarded bool
	}
	// first is the address of a slice's first element where the code around
	// it has established that there is one.
	first struct{ x val }
	// length is len of a slice or string.
	length struct{ x val }
	// cell is the address of a local word that holds x.
	cell struct{ x val }
	// res0 is the first result register of the call; errno its error.
	res0  struct{}
	errno struct{}
	// errOf is the error made from errno (nil when it is 0).
	errOf struct{}
	// sockaddr is the address of what Sockaddr x is encoded to; sockaddrLen
	// its length.
	sockaddr    struct{ x val }
	sockaddrLen struct{ x val }
	// pathErr is the error of a string that holds a NUL byte, or of a Sockaddr
	// that cannot be encoded.
	pathErr struct{}
	// opaque is anything the reader does not follow; using it is an error.
	opaque struct{ why string }
)

func (v known) String() string {
	if v.c.Kind() == constant.Int {
		return v.c.ExactString()
	}
	return v.c.String()
}
func (v arg) String() string         { return fmt.Sprintf("$%d", v.i) }
func (v conv) String() string        { return v.t.String() + "(" + v.x.String() + ")" }
func (v bin) String() string         { return "(" + v.x.String() + v.op.String() + v.y.String() + ")" }
func (v path) String() string        { return "path(" + v.x.String() + ")" }
func (v pathNil) String() string     { return "pathOrNil(" + v.x.String() + ")" }
func (v data) String() string        { return "data(" + v.x.String() + ")" }
func (v dataNil) String() string     { return "dataOrNil(" + v.x.String() + ")" }
func (v first) String() string       { return "first(" + v.x.String() + ")" }
func (v length) String() string      { return "len(" + v.x.String() + ")" }
func (v cell) String() string        { return "&(" + v.x.String() + ")" }
func (v sockaddr) String() string    { return "sockaddr(" + v.x.String() + ")" }
func (v sockaddrLen) String() string { return "sockaddrLen(" + v.x.String() + ")" }
func (res0) String() string          { return "r0" }
func (errno) String() string         { return "errno" }
func (errOf) String() string         { return "err" }
func (pathErr) String() string       { return "patherr" }
func (v opaque) String() string      { return "?" + v.why }

func intVal(n int64) val { return known{constant.MakeInt64(n)} }

// sem is the meaning of a wrapper that makes exactly one call.
type sem struct {
	nr      val
	words   []val
	noError bool // SyscallNoError and RawSyscallNoError
	guard   string
	not     map[int]int64 // values that a parameter does not have
	results []val
}

// key is a canonical text of everything that can be seen of the call; two
// wrappers with equal keys are the same for every caller. Result types are
// compared apart.
func (s *sem) key() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s(", s.nr)
	n := len(s.words)
	for n > 0 && s.words[n-1].String() == "0" {
		n-- // Syscall6 with trailing zeros is Syscall
	}
	for _, w := range s.words[:n] {
		b.WriteString(w.String() + ",")
	}
	fmt.Fprintf(&b, ") guard=%s", s.guard)
	if s.noError && len(s.results) > 0 {
		b.WriteString(" cannot fail")
	}
	for _, r := range s.results {
		b.WriteString(" " + r.String())
	}
	return b.String()
}

func isInteger(t types.Type) bool {
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

func isUnsigned(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsUnsigned != 0
}

// convert models the integer conversion t(x): conversions that cannot change
// what finally arrives in the register disappear.
func (v *view) convert(t types.Type, x val) val {
	if !isInteger(t) {
		return opaque{"conversion to " + t.String()}
	}
	size := func(t types.Type) int64 { return v.sizes.Sizeof(t) }
	word := v.sizes.Sizeof(types.Typ[types.Uintptr])
	switch x := x.(type) {
	case known:
		n, ok := constant.Uint64Val(constant.ToInt(x.c))
		if !ok {
			i, iok := constant.Int64Val(constant.ToInt(x.c))
			if !iok {
				return opaque{"constant " + x.String()}
			}
			n = uint64(i)
		}
		switch bits := size(t) * 8; {
		case bits == 64 && isUnsigned(t):
			return known{constant.MakeUint64(n)}
		case bits == 64:
			return known{constant.MakeInt64(int64(n))}
		case isUnsigned(t):
			return known{constant.MakeUint64(n & (1<<bits - 1))}
		default:
			return known{constant.MakeInt64(int64(n<<(64-bits)) >> (64 - bits))}
		}
	case arg, conv, bin, length, res0, sockaddrLen:
		from := v.valType(x)
		if from == nil {
			break
		}
		fs, ts := size(from), size(t)
		if fs == ts && (isUnsigned(from) == isUnsigned(t) || ts == word) ||
			ts > fs && (isUnsigned(from) || !isUnsigned(t) || ts == word) {
			return x
		}
		return conv{types.Default(t.Underlying()), x}
	}
	return opaque{"conversion of " + x.String()}
}

// valType returns the integer type of x, or nil.
func (v *view) valType(x val) types.Type {
	switch x := x.(type) {
	case arg:
		if isInteger(x.t) {
			return x.t
		}
	case conv:
		return x.t
	case bin:
		if t := v.valType(x.x); t != nil {
			return t
		}
		return v.valType(x.y)
	case length:
		return types.Typ[types.Int]
	case res0:
		return types.Typ[types.Uintptr]
	case sockaddrLen:
		return types.Typ[types.Uint32] // _Socklen
	}
	return nil
}
