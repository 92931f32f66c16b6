// SPDX-License-Identifier: BSD-3-Clause

package gen

import (
	"slices"
	"strings"
)

// switchErr: switch err := call; err { ... }
func (g *gen) switchErr(c *spec, call string) {
	g.push()
	defer g.pop()
	name := g.fresh("err")
	lhs := strings.Repeat("_, ", c.values()-1) + name
	head := name
	tag := true
	if g.chance(30) {
		head, tag = g.oneOf("", "true"), false
	}
	if c.values() == 1 && tag && g.chance(20) {
		g.p("switch %s {", call)
		name = ""
	} else {
		g.add(name, kErr)
		g.p("switch %s := %s; %s {", lhs, call, head)
	}
	g.clauses(name, tag)
	g.p("}")
}

// switchTrue: err := call; switch { case err == ...: }
func (g *gen) switchTrue(c *spec, call string) {
	v := g.assignable(kErr)
	if v == nil {
		g.switchErr(c, call)
		return
	}
	g.st("%s = %s", strings.Repeat("_, ", c.values()-1)+v.name, call)
	g.cases(v.name, false)
}

func (g *gen) cases(err string, tag bool) {
	switch {
	case tag:
		g.p("switch %s {", err)
	case g.chance(20):
		g.p("switch true {")
	default:
		g.p("switch {")
	}
	g.clauses(err, tag)
	g.p("}")
}

// clauses writes the cases of a switch on an error or on conditions about it;
// err is "" where it has no name.
func (g *gen) clauses(err string, tag bool) {
	wrote := []string{}
	for range 1 + g.IntN(3) {
		no := g.errno()
		if slices.Contains(wrote, no) {
			continue
		}
		wrote = append(wrote, no)
		switch {
		case tag:
			g.p("case %s:", no)
		case g.chance(30):
			g.need("errors")
			g.p("case errors.Is(%s, %s):", err, no)
		default:
			g.p("case %s == %s:", err, no)
		}
		if g.chance(85) {
			g.inSwitch(func() { g.handler(err) })
		}
	}
	if g.chance(60) {
		if tag {
			g.p("case nil:")
		} else {
			g.p("case %s == nil:", err)
		}
		if g.chance(20) {
			g.inSwitch(func() { g.handler(err) })
		}
	}
	if g.chance(60) {
		if tag {
			g.p("default:")
		} else {
			g.p("case %s != nil:", err)
		}
		g.inSwitch(func() { g.handler(err) })
	}
}

// condition: the call is in the condition itself.
func (g *gen) condition(call string) {
	switch g.IntN(5) {
	case 0:
		g.p("if %s == nil {", call)
	case 1:
		g.p("if %s == %s {", call, g.errno())
	case 2:
		g.need("errors")
		g.p("if errors.Is(%s, %s) {", call, g.errno())
	default:
		g.p("if %s != nil {", call)
	}
	g.handler("")
	g.p("}")
}

// elseIf: if err := a; err != nil {} else if err := b; err != nil {}
func (g *gen) elseIf(call string) {
	g.push()
	defer g.pop()
	g.add("err", kErr)
	g.p("if err := %s; err != nil {", call)
	g.handler("err")
	for range 3 {
		if c := g.spec(); c.result == "e" {
			g.p("} else if err := %s; err != nil {", g.call(c))
			g.handler("err")
			break
		}
	}
	g.p("}")
}
