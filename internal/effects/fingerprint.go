// SPDX-License-Identifier: BSD-3-Clause

package effects

import (
	"encoding/binary"
	"go/ast"
	"go/constant"
	"go/token"
	"hash"
	"hash/fnv"
	"slices"
)

// Index answers questions about the functions of one package, given as the
// syntax trees of its files for one GOOS/GOARCH. Building it is one pass over
// the top-level declarations; a print is computed when asked for.
//
// The prints serve one purpose: to know, when a program is analysed, that the
// x/sys (or Go) it selects has the wrapper that the table was made from. A
// print covers the function's text and, transitively, every function,
// variable and constant of the package that it uses, call numbers included.
// It does not depend on positions, comments, formatting, the names of
// parameters and locals, how literals are spelled, nor on code that only runs
// under the race detector and its kin. The functions that enter the kernel, box an errno
// or copy a string (see opaqueNames) count by name: their meaning is fixed.
//
// An Index is not safe for concurrent use.
type Index struct {
	decls   map[string]decl
	types   map[string]ast.Expr
	encodes map[string]*ast.FuncDecl // methods named sockaddr, by the receiver's type
	prints  map[string]uint64
}

// decl is one package-level name.
type decl struct {
	fn    *ast.FuncDecl
	spec  *ast.ValueSpec // constants and variables; implied values are filled in
	typ   ast.Expr
	value ast.Expr
	iota  int
}

// opaqueNames are hashed by name only.
var opaqueNames = map[string]bool{
	"Syscall": true, "Syscall6": true, "RawSyscall": true, "RawSyscall6": true,
	"SyscallNoError": true, "RawSyscallNoError": true, "rawSyscallNoError": true,
	"errnoErr": true, "BytePtrFromString": true, "ByteSliceFromString": true,
	"raceenabled": true, "_zero": true,
}

// NewIndex indexes the package made of files.
func NewIndex(files []*ast.File) *Index {
	x := &Index{decls: map[string]decl{}, types: map[string]ast.Expr{}, encodes: map[string]*ast.FuncDecl{}, prints: map[string]uint64{}}
	for _, f := range files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					x.decls[d.Name.Name] = decl{fn: d}
				} else if t, ok := d.Recv.List[0].Type.(*ast.StarExpr); ok && d.Name.Name == encodeMethod {
					if id, ok := t.X.(*ast.Ident); ok {
						x.encodes[id.Name] = d
					}
				}
			case *ast.GenDecl:
				switch d.Tok {
				case token.CONST, token.VAR:
					x.values(d)
				case token.TYPE:
					for _, s := range d.Specs {
						s := s.(*ast.TypeSpec)
						x.types[s.Name.Name] = s.Type
					}
				}
			}
		}
	}
	return x
}

func (x *Index) values(d *ast.GenDecl) {
	var typ ast.Expr
	var values []ast.Expr
	for i, s := range d.Specs {
		s := s.(*ast.ValueSpec)
		if d.Tok == token.VAR || len(s.Values) > 0 || s.Type != nil {
			typ, values = s.Type, s.Values
		}
		for j, n := range s.Names {
			v := decl{spec: s, typ: typ, iota: i}
			if j < len(values) {
				v.value = values[j]
			} else if len(values) == 1 {
				v.value = values[0]
			}
			x.decls[n.Name] = v
		}
	}
}

// Fingerprint is NewIndex(files).Print(name), for single questions.
func Fingerprint(files []*ast.File, name string) (uint64, bool) {
	return NewIndex(files).Print(name)
}

// Print returns the fingerprint of the package-level function name. ok is
// false when there is no such function or it has no Go body.
func (x *Index) Print(name string) (print uint64, ok bool) {
	d, found := x.decls[name]
	if !found || d.fn == nil || d.fn.Body == nil {
		return 0, false
	}
	if p, ok := x.prints[name]; ok {
		return p, true
	}
	h := &hasher{x: x, h: fnv.New64a(), seen: map[string]bool{name: true}, work: []string{name}}
	h.rest(name)
	if h.encodes {
		// Which method is called is known only when the program runs: all those
		// count that an entry may stand for.
		e, ok := x.Encoding()
		if !ok {
			return 0, false
		}
		h.long(e)
	}
	p := h.h.Sum64()
	x.prints[name] = p
	return p, true
}

// encodeMethod is the method by which x/sys encodes a socket address.
const encodeMethod = "sockaddr"

// Encoding returns the fingerprint of how the types of Sockaddrs are encoded:
// of their methods, of the types themselves (names and order of all fields), and
// of all that these use. ok is false if one of them is not there.
func (x *Index) Encoding() (print uint64, ok bool) {
	const key = "." + encodeMethod // no function's name
	if p, ok := x.prints[key]; ok {
		return p, true
	}
	h := &hasher{x: x, h: fnv.New64a(), seen: map[string]bool{}, typed: true}
	for _, t := range Sockaddrs {
		if x.types[t] == nil || x.encodes[t] == nil || x.encodes[t].Body == nil {
			return 0, false
		}
		h.seen[t] = true
		h.work = append(h.work, t)
	}
	for _, t := range Sockaddrs {
		h.text(t)
		h.decl(decl{fn: x.encodes[t]})
	}
	h.rest("")
	p := h.h.Sum64()
	x.prints[key] = p
	return p, true
}

// hasher writes one canonical stream: the root's declaration, then each
// package-level name it uses in the order of first use.
type hasher struct {
	x       *Index
	h       hash.Hash64
	seen    map[string]bool
	work    []string
	locals  map[string]int
	typed   bool // the package's types count too
	encodes bool // a socket address is encoded
}

// rest hashes what is still to do. The root counts by its text alone: it is
// looked up by name.
func (h *hasher) rest(root string) {
	for len(h.work) > 0 {
		n := h.work[0]
		h.work = h.work[1:]
		if n != root {
			h.text(n)
		}
		if d, ok := h.x.decls[n]; ok {
			h.decl(d)
		} else {
			h.layout(h.x.types[n])
		}
	}
}

// layout hashes a type: of a struct the names of the fields too.
func (h *hasher) layout(t ast.Expr) {
	h.locals = nil
	st, ok := t.(*ast.StructType)
	if !ok {
		h.node(t)
		return
	}
	h.num(7)
	for _, f := range st.Fields.List {
		if len(f.Names) == 0 { // embedded
			h.text("")
			h.node(f.Type)
		}
		for _, n := range f.Names {
			h.text(n.Name)
			h.node(f.Type)
		}
	}
	h.num(8)
}

func (h *hasher) num(n int) {
	var b [4]byte
	binary.LittleEndian.PutUint32(b[:], uint32(n))
	h.h.Write(b[:])
}

func (h *hasher) long(n uint64) {
	h.num(int(n >> 32))
	h.num(int(uint32(n)))
}

func (h *hasher) text(s string) {
	h.num(len(s))
	h.h.Write([]byte(s))
}

func (h *hasher) decl(d decl) {
	h.locals = map[string]int{}
	if d.fn != nil {
		h.names(d.fn)
		h.node(d.fn.Type)
		if d.fn.Body != nil {
			h.node(d.fn.Body)
		}
		return
	}
	if usesIota(d.value) {
		h.num(d.iota)
	}
	h.node(d.typ)
	h.node(d.value)
}

// usesIota keeps a constant's place in its group out of the print of those
// that do not depend on it.
func usesIota(e ast.Expr) (found bool) {
	if e != nil {
		ast.Inspect(e, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.Name == "iota" {
				found = true
			}
			return !found
		})
	}
	return found
}

// names numbers everything that fn declares, in the order of declaration.
// One number space for the whole function is enough: where a name is both a
// local and a package-level one, both are hashed.
func (h *hasher) names(fn *ast.FuncDecl) {
	add := func(e ast.Expr) {
		if id, ok := e.(*ast.Ident); ok && id.Name != "_" {
			if _, dup := h.locals[id.Name]; !dup {
				h.locals[id.Name] = len(h.locals)
			}
		}
	}
	if fn.Recv != nil {
		for _, id := range fn.Recv.List[0].Names {
			add(id)
		}
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncType:
			for _, l := range []*ast.FieldList{n.TypeParams, n.Params, n.Results} {
				if l != nil {
					for _, f := range l.List {
						for _, id := range f.Names {
							add(id)
						}
					}
				}
			}
		case *ast.IfStmt:
			if raceOnly(n) {
				return false
			}
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				for _, l := range n.Lhs {
					add(l)
				}
			}
		case *ast.RangeStmt:
			if n.Tok == token.DEFINE {
				add(n.Key)
				add(n.Value)
			}
		case *ast.ValueSpec:
			for _, id := range n.Names {
				add(id)
			}
		}
		return true
	})
}

// sanitizers are the constants that say whether a detector is built in; the
// executors that issue calls themselves are not built then.
var sanitizers = map[string]bool{"raceenabled": true, "msanenabled": true, "asanenabled": true}

// raceOnly reports whether st runs only under a detector.
func raceOnly(st *ast.IfStmt) bool {
	if st.Else != nil || st.Init != nil {
		return false
	}
	var and func(ast.Expr) bool
	and = func(e ast.Expr) bool {
		switch e := e.(type) {
		case *ast.ParenExpr:
			return and(e.X)
		case *ast.Ident:
			return sanitizers[e.Name]
		case *ast.SelectorExpr:
			x, ok := e.X.(*ast.Ident)
			return ok && (x.Name == "race" || x.Name == "msan" || x.Name == "asan") && e.Sel.Name == "Enabled"
		case *ast.BinaryExpr:
			return e.Op == token.LAND && (and(e.X) || and(e.Y))
		}
		return false
	}
	return and(st.Cond)
}

// node hashes one syntax tree. Kinds of nodes are told apart by a number of
// our own, so that the stream does not depend on names in package ast.
func (h *hasher) node(n ast.Node) {
	switch n := n.(type) {
	case nil:
		h.num(0)
	case *ast.Ident:
		h.ident(n)
	case *ast.BasicLit:
		h.num(2)
		h.text(constant.MakeFromLiteral(n.Value, n.Kind, 0).ExactString())
	case *ast.ParenExpr:
		h.node(n.X) // grouping is already in the tree
	case *ast.SelectorExpr:
		h.num(3)
		h.node(n.X)
		h.text(n.Sel.Name)
		h.encodes = h.encodes || n.Sel.Name == encodeMethod
	case *ast.KeyValueExpr:
		h.num(4)
		if k, ok := n.Key.(*ast.Ident); ok {
			h.text(k.Name) // field, or key: by name, and as a use
		}
		h.node(n.Key)
		h.node(n.Value)
	case *ast.FieldList:
		h.num(5)
		if n != nil {
			for _, f := range n.List {
				for range max(1, len(f.Names)) { // grouping of names does not matter
					h.node(f.Type)
				}
			}
		}
		h.num(6)
	case *ast.CommentGroup, *ast.Comment:
	default:
		h.generic(n)
	}
}

func (h *hasher) ident(n *ast.Ident) {
	h.num(1)
	if i, ok := h.locals[n.Name]; ok {
		h.num(i)
	} else {
		h.text(n.Name)
	}
	_, ours := h.x.decls[n.Name]
	if (ours || h.typed && h.x.types[n.Name] != nil) && !opaqueNames[n.Name] && !h.seen[n.Name] {
		h.seen[n.Name] = true
		h.work = append(h.work, n.Name)
	}
}

// generic hashes a node's kind, operator and children in source order.
func (h *hasher) generic(n ast.Node) {
	kind, op := kindOf(n)
	h.num(kind)
	h.num(op)
	var children []ast.Node
	first := true
	ast.Inspect(n, func(c ast.Node) bool {
		if first { // n itself
			first = false
			return true
		}
		if st, ok := c.(*ast.IfStmt); c != nil && (!ok || !raceOnly(st)) {
			children = append(children, c)
		}
		return false
	})
	h.num(len(children))
	for _, c := range children {
		h.node(c)
	}
}

// kindOf numbers the node kinds that wrappers are made of; operators are
// numbered by their spelling, for token values differ between Go versions.
func kindOf(n ast.Node) (kind, op int) {
	spell := func(t token.Token) int {
		f := fnv.New32a()
		f.Write([]byte(t.String()))
		return int(f.Sum32() >> 1)
	}
	switch n := n.(type) {
	case *ast.BinaryExpr:
		return 10, spell(n.Op)
	case *ast.UnaryExpr:
		return 11, spell(n.Op)
	case *ast.AssignStmt:
		return 12, spell(n.Tok)
	case *ast.IncDecStmt:
		return 13, spell(n.Tok)
	case *ast.BranchStmt:
		return 14, spell(n.Tok)
	case *ast.GenDecl:
		return 15, spell(n.Tok)
	case *ast.CallExpr:
		if n.Ellipsis.IsValid() {
			return 17, 0
		}
		return 16, 0
	case *ast.IndexExpr:
		return 18, 0
	case *ast.SliceExpr:
		// Which of low, high and max are there must count.
		return 19, b2i(n.Low != nil) | b2i(n.High != nil)<<1 | b2i(n.Max != nil)<<2
	case *ast.StarExpr:
		return 20, 0
	case *ast.TypeAssertExpr:
		return 21, b2i(n.Type != nil)
	case *ast.CompositeLit:
		return 22, b2i(n.Type != nil)
	case *ast.FuncLit:
		return 23, 0
	case *ast.ArrayType:
		return 24, b2i(n.Len != nil)
	case *ast.FuncType:
		return 25, b2i(n.Results != nil)
	case *ast.IfStmt:
		return 26, b2i(n.Init != nil) | b2i(n.Else != nil)<<1
	case *ast.ForStmt:
		return 27, b2i(n.Init != nil) | b2i(n.Cond != nil)<<1 | b2i(n.Post != nil)<<2
	case *ast.RangeStmt:
		return 28, b2i(n.Key != nil) | b2i(n.Value != nil)<<1 | spell(n.Tok)<<2
	case *ast.SwitchStmt:
		return 29, b2i(n.Init != nil) | b2i(n.Tag != nil)<<1
	case *ast.CaseClause:
		return 30, len(n.List)
	case *ast.ReturnStmt:
		return 31, 0
	case *ast.BlockStmt:
		return 32, 0
	case *ast.ExprStmt:
		return 33, 0
	case *ast.DeclStmt:
		return 34, 0
	case *ast.ValueSpec:
		return 35, len(n.Names) | b2i(n.Type != nil)<<8
	case *ast.DeferStmt:
		return 36, 0
	case *ast.GoStmt:
		return 37, 0
	case *ast.StructType:
		return 38, 0
	case *ast.InterfaceType:
		return 39, 0
	case *ast.MapType:
		return 40, 0
	case *ast.Ellipsis:
		return 41, 0
	case *ast.LabeledStmt:
		return 42, 0
	case *ast.EmptyStmt:
		return 43, 0
	}
	return 99, 0
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Accepts reports whether print is one of f's accepted fingerprints for key
// ("unix/amd64", "unix/arm64", "syscall/amd64", "syscall/arm64").
func (f *Func) Accepts(key string, print uint64) bool {
	return slices.Contains(f.Prints[key], print)
}
