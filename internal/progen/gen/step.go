// SPDX-License-Identifier: BSD-3-Clause

package gen

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// spec chooses a function.
func (g *gen) spec() *spec {
	n := g.IntN(total)
	for _, c := range specs {
		if n -= c.weight; n < 0 {
			return c
		}
	}
	panic("weights")
}

// call writes a call of c; evaluating it is one expression.
func (g *gen) call(c *spec) string {
	g.calls--
	g.pk = g.u
	if strings.Contains(c.pkgs, "s") && g.chance(15) {
		g.pk = g.s
		g.need("syscall")
	}
	g.clean = g.chance(75)
	args := make([]string, len(c.args))
	for i, a := range c.args {
		args[i] = g.arg(a)
		if g.chance(1) {
			args[i] += fmt.Sprintf(" /* %s */", a[:1])
		}
	}
	g.clean = false
	return g.pk + "." + c.name + "(" + strings.Join(args, ", ") + ")"
}

// step writes one call and what is done with its results.
func (g *gen) step() {
	c := g.spec()
	call := g.call(c)
	switch {
	case c.result == "-":
		g.st("%s", call)
	case c.result == "raw":
		g.raw(call)
	case !c.hasErr():
		g.value(c, call)
	default:
		g.checked(c, call)
	}
}

// checked writes a call that returns an error, in one of many styles.
func (g *gen) checked(c *spec, call string) {
	switch n := g.IntN(100); {
	case n < 30:
		g.ifInit(c, call)
	case n < 52:
		g.assignIf(c, call)
	case n < 58:
		g.st("%s", call)
	case n < 64:
		g.st("%s = %s", strings.Repeat("_, ", c.values()-1)+"_", call)
	case n < 74:
		g.st("%s = %s", g.dests(c), call)
	case n < 80:
		g.switchErr(c, call)
	case n < 84:
		g.switchTrue(c, call)
	case n < 90 && c.values() == 1:
		g.condition(call)
	case n < 92 && c.values() == 1:
		g.st("rt.Log(%q, wrap(%s))", g.tag("w"), call)
	case n < 94 && c.values() == 1:
		g.elseIf(call)
	case n < 95 && g.fn.deferOK && len(g.fn.loops) == 0:
		g.st("defer %s", call)
	case n < 97 && c.values() == 1:
		c2 := g.spec()
		if c2.result == "e" {
			e := g.errDest()
			g.st("%s, %s = %s, %s", e, "_", call, g.call(c2))
			return
		}
		g.st("%s = wrap(%s)", g.errDest(), call)
	case n < 98 && c.values() == 1:
		name, end := g.fresh("ok"), g.spec()
		if end.result == "e" && !g.top().noDefine {
			both := call + " == nil && " + g.call(end) + " == nil"
			g.add(name, kBool)
			g.st("%s := %s", name, both)
			return
		}
		fallthrough
	default:
		g.assignIf(c, call)
	}
}

// tag is a fresh label for a log line.
func (g *gen) tag(s string) string {
	g.serial++
	return fmt.Sprint(s, g.serial)
}

// numKind is the kind of the first of two results.
func numKind(c *spec) kind {
	switch c.result {
	case "fe":
		return kFd
	case "le":
		return kI64
	case "se":
		return kStr
	}
	return kInt
}

// ifInit: if err := call; err != nil { ... }
func (g *gen) ifInit(c *spec, call string) {
	g.push()
	defer g.pop()
	name := g.fresh("err")
	num := "_"
	lhs := name
	if c.values() == 2 {
		if c.result != "pide" && g.chance(40) {
			num = g.fresh("n")
			for num == name {
				num += "1"
			}
		}
		lhs = num + ", " + name
	}
	assign := ":="
	if old := g.assignable(kErr); old != nil && g.chance(20) && g.lookup(old.name) == old && (num == "_" || c.values() == 1) {
		// if err = call; err != nil
		name, assign = old.name, "="
		lhs = name
		if c.values() == 2 {
			lhs = "_, " + name
		}
	} else {
		g.add(name, kErr)
		if num != "_" {
			g.add(num, numKind(c))
		}
	}
	test := g.test(c, name, num)
	g.p("if %s %s %s; %s {", lhs, assign, call, test)
	var must []string // names that must be used
	for _, n := range []string{name, num} {
		if n != "_" && !hasName(test, n) {
			must = append(must, n)
		}
	}
	g.handler(name, must...)
	g.elses(c, name, num)
}

// hasName says whether the identifier occurs in an expression.
func hasName(expr, name string) bool {
	return slices.Contains(strings.FieldsFunc(expr, func(r rune) bool {
		return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), name)
}

// elses ends an if statement, sometimes with another branch.
func (g *gen) elses(c *spec, name, num string) {
	switch {
	case num != "_" && g.chance(40):
		g.p("} else if %s == 0 {", g.zero(c, num))
		g.handler(name)
		g.p("}")
	case g.chance(6):
		g.p("} else {")
		g.handler(name)
		g.p("}")
	default:
		g.p("}")
	}
}

func (g *gen) zero(c *spec, num string) string {
	if c.result == "se" {
		return "len(" + num + ")"
	}
	return num
}

// test is a condition on the results; num is "_" or a variable that the
// condition need not use.
func (g *gen) test(c *spec, err, num string) string {
	errno := g.errno()
	n := g.IntN(100)
	if num != "_" && c.result != "se" && g.chance(30) {
		return g.oneOf(err+" != nil || "+num+" == 0", num+" < 0", num+" == 0", num+" <= 0", num+" != 5", err+" == nil && "+num+" > 3", num+" == -1")
	}
	switch {
	case n < 60:
		return err + " != nil"
	case n < 64:
		return "nil != " + err
	case n < 70:
		return err + " != nil && " + err + " != " + errno
	case n < 75:
		return err + " == " + errno
	case n < 80:
		return err + " == nil"
	case n < 85:
		g.need("errors")
		return g.oneOf("errors.Is("+err+", "+errno+")", err+" != nil && !errors.Is("+err+", "+errno+")")
	case n < 88:
		g.need("os")
		return g.oneOf("os.IsNotExist("+err+")", "os.IsExist("+err+")", err+" != nil && !os.IsNotExist("+err+")")
	case n < 90:
		g.need("os")
		g.need("errors")
		return "errors.Is(" + err + ", os.ErrNotExist)"
	case n < 92:
		return "!(" + err + " == nil)"
	case n < 94:
		if v := g.pick(kErr); v != nil && v.name != err {
			return err + " != nil && " + v.text + " == nil"
		}
	case n < 96:
		if v := g.pick(kBool); v != nil {
			return v.text + " && " + err + " != nil"
		}
	case n < 97:
		return "rt.Pid > 0 && " + err + " != nil"
	case n < 98:
		if v := g.pick(kInt); v != nil && v.name != err {
			return err + " != nil || " + v.text + " > 4"
		}
	}
	return err + " != nil"
}

func (g *gen) errno() string {
	return g.unix(g.oneOf("ENOENT", "ENOENT", "EEXIST", "EINTR", "EIO", "ENOTDIR", "EBADF", "EAGAIN", "ENOSPC"))
}

// assignIf: err = call, then a check in a statement of its own, or none.
func (g *gen) assignIf(c *spec, call string) {
	if g.top().noDefine || g.chance(35) {
		// Assign to what there is.
		v := g.assignable(kErr)
		if v == nil {
			g.st("%s = %s", g.dests(c), call)
			return
		}
		lhs, num := v.name, "_"
		if c.values() == 2 {
			if w := g.assignable(numKind(c)); w != nil && w.name != v.name && c.result != "pide" && g.chance(70) {
				num = w.name
			}
			lhs = num + ", " + v.name
		}
		g.st("%s = %s", lhs, call)
		if num != "_" {
		}
		g.check(c, v.name, num)
		return
	}
	errName := "err"
	if g.chance(20) {
		errName = g.fresh("e")
	}
	old := g.here(errName)
	if old != nil && (old.kind != kErr || old.fixed) {
		errName = g.fresh("err")
		old = g.here(errName)
	}
	num, lhs, fresh := "_", errName, old == nil
	if c.values() == 2 {
		if c.result != "pide" && g.chance(60) {
			num = g.fresh("n")
			for num == errName || g.here(num) != nil {
				num += "1"
			}
			fresh = true
		}
		lhs = num + ", " + errName
	}
	if old == nil {
		g.add(errName, kErr)
	}
	if num != "_" {
		g.add(num, numKind(c))
	}
	switch {
	case fresh && c.values() == 1 && g.chance(10):
		g.st("var %s error = %s", errName, call)
	case fresh && c.values() == 1 && g.chance(10):
		g.st("var %s = %s", errName, call)
	case fresh:
		g.st("%s := %s", lhs, call)
	default:
		g.st("%s = %s", lhs, call)
	}
	g.check(c, errName, num)
}

// check tests results in statements of their own.
func (g *gen) check(c *spec, err, num string) {
	switch n := g.IntN(100); {
	case n < 80:
		test := g.test(c, err, "_")
		if num != "_" && c.result != "se" && g.chance(30) {
			test = g.oneOf(err+" != nil || "+num+" == 0", num+" < 0", num+" <= 0")
		}
		g.p("if %s {", test)
		g.handler(err)
		g.elses(c, err, "_")
		if num != "_" && c.result != "se" && g.chance(15) {
			g.p("if %s {", g.oneOf(num+" == 0", num+" <= 0", num+" != 5", num+" < 3"))
			g.handler(err)
			g.p("}")
		}
	case n < 88:
		g.cases(err, g.chance(50))
	case n < 94:
		if num != "_" {
			g.st("rt.Log(%q, %s, %s)", g.tag("r"), num, err)
		} else {
			g.st("rt.Log(%q, %s)", g.tag("r"), err)
		}
	}
}

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

// value writes a call whose only result is a number.
func (g *gen) value(c *spec, call string) {
	pid := c.result == "pid"
	switch n := g.IntN(10); {
	case n < 2:
		g.st("_ = %s", call)
	case n < 4:
		g.st("%s", call)
	case n < 6 && pid:
		g.st("rt.Log(%q, %s > 0)", g.tag("v"), call)
	case n < 6:
		g.st("rt.Log(%q, %s)", g.tag("v"), call)
	default:
		k := kInt
		name := g.fresh("v")
		if pid {
			k = kNoise // never logged: another one in every run
		}
		if g.top().noDefine {
			g.st("_ = %s", call)
			return
		}
		g.add(name, k)
		g.st("%s := %s", name, call)
	}
}

// raw writes a call by number.
func (g *gen) raw(call string) {
	switch n := g.IntN(10); {
	case n < 2:
		g.st("%s", call)
	case n < 6:
		g.push()
		name := g.fresh("errno")
		g.add(name, kNoise)
		g.p("if _, _, %s := %s; %s != 0 {", name, call, name)
		g.handler(name)
		g.p("}")
		g.pop()
	case n < 8 && !g.top().noDefine:
		r, e := g.fresh("r"), g.fresh("en")
		for r == e {
			e += "1"
		}
		g.add(r, kNoise)
		g.add(e, kNoise)
		g.st("%s, _, %s := %s", r, e, call)
		g.p("if %s != 0 {", e)
		g.handler(e)
		g.p("}")
	default:
		g.st("_, _, _ = %s", call)
	}
}

// dests are places for the results of c that are assigned to.
func (g *gen) dests(c *spec) string {
	if c.values() == 1 {
		return g.errDest()
	}
	num := "_"
	if c.result != "pide" && g.chance(70) {
		num = g.numDest(numKind(c))
	}
	return num + ", " + g.errDest()
}

func (g *gen) numDest(k kind) string {
	switch n := g.IntN(10); {
	case n < 5:
		if v := g.assignable(k); v != nil {
			return v.name
		}
	case n < 7:
		if v := g.pick(kBox, kBoxP); v != nil {
			switch k {
			case kInt:
				return v.text + ".n"
			case kFd:
				return v.text + ".fd"
			case kI64:
				return v.text + ".off"
			case kStr:
				return v.text + ".path"
			}
		}
	case n < 8 && k == kInt:
		if v := g.pick(kInts, kIntSl); v != nil {
			return v.text + "[" + g.index() + "]"
		}
	case n < 9 && k == kInt:
		return "gn"
	}
	return "_"
}

// errDest is a place for an error.
func (g *gen) errDest() string {
	switch n := g.IntN(20); {
	case n < 10:
		if v := g.assignable(kErr); v != nil {
			return v.name
		}
	case n < 13:
		if v := g.pick(kBox, kBoxP); v != nil {
			return v.text + g.oneOf(".err", ".errs[0]", ".errs[1]", ".errs[gi]")
		}
	case n < 15:
		if v := g.pick(kErrs, kErrSl); v != nil {
			return v.text + "[" + g.index() + "]"
		}
	case n < 16:
		if v := g.pick(kErrP); v != nil {
			return "*" + v.text
		}
	case n < 17:
		if v := g.pick(kErrM); v != nil {
			return v.text + "[" + g.literal() + "]"
		}
	case n < 18:
		return "gerr"
	case n < 19:
		return "gerrs[1]"
	}
	return "_"
}
