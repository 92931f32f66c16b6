// SPDX-License-Identifier: BSD-3-Clause

package verify

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"strconv"
	"strings"
)

// side is a Side with a name for each of its objects that does not depend on
// positions: objects that correspond have the same name on both sides.
type side struct {
	Side
	edited bool
	names  map[types.Object]string // of objects declared in the function
	byName map[string]types.Object
	locals []types.Object // in source order
	// In an iteration of a loop that is executed, the variables declared in the
	// loop are others than in the iteration before: per lists them, iter names
	// the iteration, key is the loop's index.
	per  map[string]bool
	iter string
	key  string
}

func newSide(s Side, edited bool) *side {
	x := &side{Side: s, edited: edited, names: map[types.Object]string{}, byName: map[string]types.Object{}}
	counts := map[string]int{}
	add := func(obj types.Object) {
		if obj == nil || x.names[obj] != "" {
			return
		}
		n := counts[obj.Name()]
		counts[obj.Name()]++
		name := obj.Name() + "·" + strconv.Itoa(n)
		x.names[obj] = name
		x.byName[name] = obj
		x.locals = append(x.locals, obj)
	}
	var loops []ast.Node // around the node
	var inside ast.Node  // the code that fills a table
	var nodes []ast.Node
	twins := map[types.Object]types.Object{}
	ast.Inspect(s.Decl, func(n ast.Node) bool {
		if n == nil {
			last := nodes[len(nodes)-1]
			nodes = nodes[:len(nodes)-1]
			if len(loops) > 0 && loops[len(loops)-1] == last {
				loops = loops[:len(loops)-1]
			}
			if inside == last {
				inside = nil
			}
			return true
		}
		nodes = append(nodes, n)
		switch n := n.(type) {
		case *ast.Ident:
			obj := s.Info.Defs[n]
			if n == s.Decl.Name || n.Name == "_" || obj == nil {
				break
			}
			// A variable of an iteration to come has the name of the one in the
			// iteration itself.
			if twin := x.twin(obj, inside, loops); twin != nil {
				twins[obj] = twin
				break
			}
			add(obj)
		case *ast.CaseClause:
			add(s.Info.Implicits[n])
		case *ast.ForStmt, *ast.RangeStmt:
			if inside == nil {
				loops = append(loops, n)
			}
		case *ast.IfStmt:
			if edited && inside == nil && x.fillsTable(n) {
				inside = n
			}
		}
		return true
	})
	for obj, twin := range twins {
		x.names[obj] = x.names[twin]
	}
	return x
}

// object is what an identifier means, or nil.
func (s *side) object(id *ast.Ident) types.Object {
	if obj := s.Info.Defs[id]; obj != nil {
		return obj
	}
	return s.Info.Uses[id]
}

// typeOf is the type of an expression, an invalid one where there is none: the
// package may have errors.
func (s *side) typeOf(e ast.Expr) types.Type {
	if t := s.Info.TypeOf(e); t != nil {
		return t
	}
	return types.Typ[types.Invalid]
}

// variable is the variable that an expression is the plain name of, or nil.
func (s *side) variable(e ast.Expr) *types.Var {
	if e == nil {
		return nil
	}
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok || id.Name == "_" {
		return nil
	}
	v, _ := s.object(id).(*types.Var)
	return v
}

// name is the position-independent name of an object.
func (s *side) name(obj types.Object) string {
	if n := s.names[obj]; n != "" {
		if s.iter != "" && s.per[n] {
			return n + "@" + s.iter
		}
		return n
	}
	if p, ok := obj.(*types.PkgName); ok {
		return "import:" + p.Imported().Path()
	}
	if obj.Pkg() == nil {
		return "universe." + obj.Name()
	}
	if obj.Parent() == obj.Pkg().Scope() {
		return strconv.Quote(obj.Pkg().Path()) + "." + obj.Name()
	}
	return "." + obj.Name() // a field or method, or declared in a type of another function
}

// text is a node as the source has it, for messages.
func (s *side) text(n ast.Node) string {
	tf := s.Fset.File(n.Pos())
	if tf == nil {
		return "?"
	}
	from, to := tf.Offset(n.Pos()), tf.Offset(n.End())
	if from < 0 || to > len(s.Src) || from > to {
		return "?"
	}
	t := strings.Join(strings.Fields(string(s.Src[from:to])), " ")
	if len(t) > 60 {
		t = t[:57] + "..."
	}
	return t
}

// printer writes syntax with objects in place of identifiers: two pieces of
// syntax print alike only if they mean the same in the same state.
type printer struct {
	strings.Builder
	s     *side
	equal map[ast.Node]ast.Node // nodes of s that stand for nodes of other
	other *side
	vals  map[ast.Expr]string // expressions that are evaluated already
	// special prints nodes in another way; false = as usual. otherSpecial does
	// so for nodes of other.
	special, otherSpecial func(p *printer, n ast.Node) bool
	// drop is a statement that is not printed.
	drop ast.Stmt
	// gone says of variables that they are left out; nil = of none.
	gone func(types.Object) bool
}

func (p *printer) node(n ast.Node) {
	if n == nil || reflect.ValueOf(n).IsNil() {
		p.WriteString("-")
		return
	}
	if e, ok := n.(ast.Expr); ok {
		if v, ok := p.vals[e]; ok {
			p.WriteString(v)
			return
		}
	}
	if o, ok := p.equal[n]; ok {
		q := printer{s: p.other, special: p.otherSpecial, gone: p.gone}
		q.node(o)
		p.WriteString(q.String())
		return
	}
	if p.special != nil && p.special(p, n) {
		return
	}
	switch n := n.(type) {
	case *ast.ParenExpr:
		// A pair of parentheses changes neither meaning nor order once parsed,
		// but what stands in the source must stay.
		p.WriteString("(")
		p.node(n.X)
		p.WriteString(")")
		return
	case *ast.Ident:
		if obj := p.s.object(n); obj != nil && n.Name != "_" {
			if p.gone != nil && p.gone(obj) {
				p.WriteString("'_")
				return
			}
			p.WriteString(p.s.name(obj))
		} else {
			p.WriteString("'" + n.Name)
		}
		return
	case *ast.SelectorExpr:
		if id, ok := n.X.(*ast.Ident); ok {
			if _, ok := p.s.object(id).(*types.PkgName); ok {
				p.node(n.Sel)
				return
			}
		}
	case *ast.BasicLit:
		p.WriteString(n.Kind.String() + ":" + n.Value)
		return
	}
	v := reflect.Indirect(reflect.ValueOf(n))
	t := v.Type()
	p.WriteString(t.Name() + "{")
	for i := range t.NumField() {
		p.field(t.Field(i).Name, v.Field(i))
	}
	p.WriteString("}")
}

func (p *printer) field(name string, v reflect.Value) {
	switch v.Type().String() {
	case "*ast.Object", "*ast.Scope": // the parser's own resolution, which the type-checker's replaces
		return
	}
	switch x := v.Interface().(type) {
	case token.Pos:
		if name == "Ellipsis" || name == "Assign" {
			fmt.Fprintf(p, "%s:%v;", name, x.IsValid())
		}
	case token.Token, bool, ast.ChanDir, string:
		if x == token.DEFINE {
			x = token.ASSIGN // which variables it declares, their names tell
		}
		fmt.Fprintf(p, "%v;", x)
	case *ast.CommentGroup, []*ast.CommentGroup:
	case ast.Node:
		p.node(x)
		p.WriteString(";")
	case nil:
		p.WriteString("-;")
	default:
		if v.Kind() != reflect.Slice {
			panic(fmt.Sprintf("unknown field %s of type %T", name, x))
		}
		p.WriteString("[")
		for i := range v.Len() {
			if st, ok := v.Index(i).Interface().(ast.Stmt); ok && p.drop != nil && st == p.drop {
				continue
			}
			p.field("", v.Index(i))
		}
		p.WriteString("]")
	}
}

// typeKey writes a type with full package paths and without aliases.
func typeKey(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Pointer:
		return "*" + typeKey(t.Elem())
	case *types.Slice:
		return "[]" + typeKey(t.Elem())
	case *types.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), typeKey(t.Elem()))
	case *types.Tuple:
		var b strings.Builder
		for i := range t.Len() {
			b.WriteString(typeKey(t.At(i).Type()) + ",")
		}
		return b.String()
	case nil:
		return "?"
	default:
		return types.TypeString(t, func(p *types.Package) string { return p.Path() })
	}
}
