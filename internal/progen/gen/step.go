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
	g.clean = g.chance(75) || g.bound != nil && g.bound.tame
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
func (g *gen) step() { g.stepOf(g.spec()) }

func (g *gen) stepOf(c *spec) {
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
	if c.values() == 1 && g.chance(6) {
		g.passed(call)
		return
	}
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

// passed writes a call whose error goes on at once: dressed, appended to others,
// sent to whoever listens.
func (g *gen) passed(call string) {
	switch g.IntN(4) {
	case 0, 1:
		g.need("os")
		g.push()
		defer g.pop()
		name := g.fresh("err")
		g.add(name, kErr)
		g.p("if %s := os.NewSyscallError(\"call\", %s); %s != nil {", name, call, name)
		g.handler(name)
		g.p("}")
	case 2:
		if v := g.assignable(kErrSl); v != nil {
			g.st("%s = append(%s, %s)", v.name, v.name, call)
			return
		}
		g.st("gerrl = append(gerrl, %s)", call)
	case 3:
		g.p("{")
		g.block(func() {
			ch := g.own("sent")
			g.p("%s := make(chan error, 1)", ch)
			to := ch
			if g.chance(20) {
				to = g.effect("chan error", ch)
			}
			g.st("%s <- %s", to, call)
			if g.chance(60) {
				g.step()
			}
			g.st("rt.Log(%q, <-%s)", g.tag("sent"), ch)
		})
		g.p("}")
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
