// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
)

// Side is one version of the package: the file set, the type information, and
// the declaration of one function in it.
type Side struct {
	Fset *token.FileSet
	// Info needs Types, Defs, Uses, Selections and Implicits.
	Info *types.Info
	Pkg  *types.Package
	Decl *ast.FuncDecl
	Src  []byte // the whole file
	// Files is the whole package, and Pure says what is known of functions of
	// other packages; both may be missing. Needed of the original only.
	Files []*ast.File
	Pure  func(*types.Func) (Computes, bool)
	// Assume names the rules that are relaxed in the function: "unshared",
	// "unmapped", "prints" (package analyzer says what they mean).
	Assume map[string]bool
	// Gone are names in the original that the edited version does not declare
	// any more. It is a hint, which of several variables of a name is which: what
	// is wrong in it makes the proof fail.
	Gone map[*ast.Ident]bool
}

// Error says what could not be proven, and where.
type Error struct {
	Pos    token.Position // in the original if Edited is false
	Edited bool
	Text   string // a clause: "the call Lstat(p, &st) is made twice"
}

// Error implements error. A position in the edited text is left out: nobody
// has seen that text.
func (e *Error) Error() string {
	if e.Edited || !e.Pos.IsValid() {
		return e.Text
	}
	return fmt.Sprintf("line %d: %s", e.Pos.Line, e.Text)
}

// checker is the state of checking one function.
type checker struct {
	orig, edit *side
	facts      *facts                    // of the original's variables
	equal      map[ast.Node]ast.Node     // lists of the edited version that are proven equal to one of the original
	frames     []frame                   // statement lists around the place that is looked at
	fresh      map[string]types.Object   // names that only the edited version has
	goarch     string                    // for calls by number; "" if unknown
	consumed   map[*ast.Ident]bool       // uses of fresh variables that are accounted for
	effectsOf  map[ast.Node][]*types.Var // variables assigned in a piece of code
	pure       *purity
	below      map[string]bound  // of the place that is looked at
	refill     *ast.IfStmt       // of the strip-mined loop that is looked at
	early      map[string]bool   // conditions that entries are under, as printed
	inner      map[ast.Node]bool // branches that are executed statement by statement
}

// Func proves that edited has the same observable events as orig, or returns
// an error (an *Error) that says what it could not prove.
func Func(orig, edited Side) (err error) {
	c := &checker{
		orig:      newSide(orig, false),
		edit:      newSide(edited, true),
		equal:     map[ast.Node]ast.Node{},
		fresh:     map[string]types.Object{},
		consumed:  map[*ast.Ident]bool{},
		effectsOf: map[ast.Node][]*types.Var{},
		inner:     map[ast.Node]bool{},
	}
	defer func() {
		switch p := recover().(type) {
		case nil:
		case *Error:
			err = p
		default:
			panic(p)
		}
	}()
	c.function()
	return nil
}

// fail ends the proof. The node belongs to side s.
func (s *side) fail(n ast.Node, format string, args ...any) {
	e := &Error{Edited: s.edited, Text: fmt.Sprintf(format, args...)}
	if n != nil {
		e.Pos = s.Fset.Position(n.Pos())
	}
	panic(e)
}

func (c *checker) function() {
	o, e := c.orig.Decl, c.edit.Decl
	if o.Body == nil || e.Body == nil {
		c.orig.fail(o, "the function has no body")
	}
	c.goarch = goarchOf(c.orig.Pkg)
	c.newNames()
	c.facts = gather(c.orig)
	c.facts.unsafe = importsUnsafe(c.orig.Src)
	c.facts.assume = c.orig.Assume
	c.pure = newPurity(c.orig)
	head := func(s *side, d *ast.FuncDecl) string {
		p := printer{s: s}
		p.node(d.Recv)
		p.node(d.Name)
		p.node(d.Type)
		return p.String()
	}
	if head(c.orig, o) != head(c.edit, e) {
		c.edit.fail(e, "the function's signature is changed")
	}
	c.comments()
	c.matchList(o.Body, o.Body.List, e.Body.List, false)
	c.allAccounted()
}

// importsUnsafe reports whether the file imports package unsafe, or cgo, or
// does not parse.
func importsUnsafe(src []byte) bool {
	f, err := parser.ParseFile(token.NewFileSet(), "", src, parser.ImportsOnly)
	if err != nil {
		return true
	}
	for _, s := range f.Imports {
		if s.Path.Value == `"unsafe"` || s.Path.Value == `"C"` {
			return true
		}
	}
	return false
}

// pragmas refuses functions whose code must not change shape at all.
func (c *checker) pragmas() {
	o := c.orig.Decl
	// A directive counts for the next declaration, with or without an empty
	// line between.
	for _, line := range c.orig.above() {
		for _, p := range []string{"nosplit", "norace", "systemstack", "nowritebarrier", "nowritebarrierrec", "yeswritebarrierrec", "linkname", "uintptrescapes", "uintptrkeepalive"} {
			if text, ok := strings.CutPrefix(line, "//go:"+p); ok && (text == "" || text[0] == ' ' || text[0] == '\t') {
				c.orig.fail(o, "the function is marked //go:%s", p)
			}
		}
	}
	for line := range strings.Lines(string(c.orig.Src)) {
		if rest, ok := strings.CutPrefix(line, "//go:linkname "); ok {
			if f := strings.Fields(rest); len(f) > 0 && f[0] == o.Name.Name {
				c.orig.fail(o, "the function is marked //go:linkname")
			}
		}
	}
	ast.Inspect(o, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		switch id.Name {
		case "SYS_CLONE", "SYS_CLONE3", "SYS_FORK", "SYS_VFORK":
			c.orig.fail(id, "the function makes a new process itself (%s)", id.Name)
		}
		return true
	})
}

// above are the comment lines in front of the declaration.
func (s *side) above() []string {
	at := s.Fset.File(s.Decl.Pos()).Offset(s.Decl.Pos())
	if at > len(s.Src) {
		return nil
	}
	lines := strings.Split(string(s.Src[:at]), "\n")
	var list []string
	for i := len(lines) - 1; i >= 0; i-- {
		l := strings.TrimRight(lines[i], "\r")
		if t := strings.TrimSpace(l); t != "" && !strings.HasPrefix(t, "//") && !strings.HasPrefix(t, "/*") && !strings.HasPrefix(t, "*") {
			break
		}
		list = append(list, l)
	}
	return list
}

// newNames checks that names which only the edited version declares occur
// nowhere in the original function, and that all others mean the same and
// have the same types.
func (c *checker) newNames() {
	words := map[string]bool{}
	ast.Inspect(c.orig.Decl, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			words[id.Name] = true
		}
		return true
	})
	for _, obj := range c.edit.locals {
		name := c.edit.names[obj]
		was, ok := c.orig.byName[name]
		if ok {
			if a, b := typeKey(was.Type()), typeKey(obj.Type()); a != b {
				c.edit.fail(posNode(obj.Pos()), "the variable %s has type %s instead of %s", obj.Name(), b, a)
			}
			continue
		}
		if words[obj.Name()] {
			c.edit.fail(posNode(obj.Pos()), "the new name %s is in use in the function", obj.Name())
		}
		if c.fresh[obj.Name()] != nil {
			c.edit.fail(posNode(obj.Pos()), "the new name %s is declared twice", obj.Name())
		}
		c.fresh[obj.Name()] = obj
	}
}

// allAccounted refuses uses of new variables that no batch explains.
func (c *checker) allAccounted() {
	ast.Inspect(c.edit.Decl, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		obj := c.edit.object(id)
		if obj != nil && c.fresh[id.Name] == obj && !c.consumed[id] {
			c.edit.fail(id, "the new variable %s is used in a way that is not known", id.Name)
		}
		return true
	})
}

// posNode makes a node of a position, for messages.
type posNode token.Pos

func (p posNode) Pos() token.Pos { return token.Pos(p) }
func (p posNode) End() token.Pos { return token.Pos(p) }
