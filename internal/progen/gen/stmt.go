// SPDX-License-Identifier: BSD-3-Clause

package gen

import "fmt"

// list writes a statement list: groups of calls, with other things between.
func (g *gen) list(n int) {
	for ; n > 0 && g.calls > 0; n-- {
		switch k := g.IntN(100); {
		case k < 38:
			for range 2 + g.IntN(4) {
				if g.chance(22) {
					g.pureThen()
				} else {
					g.step()
				}
			}
		case k < 44:
			g.step()
		case k < 54:
			g.guarded()
		case k < 64:
			g.between()
		case k < 66:
			g.comment()
		default:
			if g.depth > 4 {
				g.step()
				continue
			}
			g.structure()
		}
	}
}

func (g *gen) comment() {
	g.serial++
	if g.chance(50) {
		g.p("// remark %d", g.serial)
	} else {
		g.p("/* remark %d */", g.serial)
	}
}

// cond is a condition that has nothing to do with a call just made.
func (g *gen) cond() string {
	switch g.IntN(5) {
	case 0:
		if v := g.pick(kBool); v != nil {
			return v.text
		}
	case 1:
		if v := g.pick(kErr); v != nil {
			return v.text + g.oneOf(" == nil", " != nil")
		}
	case 2:
		if v := g.pick(kInt); v != nil {
			return v.text + g.oneOf(" > 1", " == 0", "%2 == 1")
		}
	case 3:
		if v := g.pick(kStat); v != nil {
			return v.text + ".Size > 20"
		}
	}
	return g.oneOf("gn&1 == 0", "rt.Pid > 0", `gpath == "a"`)
}

// between writes one statement that is no call of the table.
func (g *gen) between() {
	switch g.IntN(16) {
	case 0:
		g.st("rt.Print(%q)", g.tag("say"))
	case 1:
		if v := g.pick(kErr, kInt, kStat, kStr, kBytes, kI64, kBool, kStatSl, kErrSl); v != nil {
			g.st("rt.Log(%q, %s)", g.tag("b"), v.text)
		}
	case 2:
		if v := g.pick(kBuf, kErrs, kStats); v != nil {
			g.st("rt.Log(%q, %s[1])", g.tag("b"), v.text)
		}
	case 3, 4, 5, 6:
		g.change()
	case 7:
		if v := g.pick(kStat); v != nil && !g.top().noDefine {
			src := v.text
			name := g.fresh("cp")
			g.add(name, kStat)
			g.st("%s := %s", name, src)
		}
	case 8:
		if v := g.pick(kBox); v != nil && !g.top().noDefine {
			src, name := v.text, g.fresh("bx")
			if g.chance(50) {
				g.add(name, kBoxP)
				g.st("%s := &%s", name, src)
			} else {
				g.add(name, kBox)
				g.st("%s := %s", name, src)
			}
		}
	case 9:
		g.locked()
	case 10:
		g.st("gchan <- %s", g.integer())
		if v := g.assignable(kInt); v != nil && g.chance(60) {
			g.st("%s = <-gchan", v.name)
		} else {
			g.st("<-gchan")
		}
	case 11:
		if v := g.pick(kFn); v != nil {
			g.st("%s()", v.text)
		} else {
			g.st("gset()")
		}
	case 12:
		if !g.top().noDefine {
			g.define()
		}
	case 13:
		if v := g.pick(kStat); v != nil && g.chance(60) {
			g.st("%s = %s{}", v.text, g.typeName(kStat))
		} else {
			g.need("runtime")
			g.st("runtime.KeepAlive(gbuf)")
		}
	case 14:
		g.p("if %s {", g.cond())
		g.handler("")
		g.p("}")
	case 15:
		if v := g.pick(kBytes); v != nil {
			g.st("%s = append(%s, 'z')", v.text, v.text)
		}
	}
}

// locked writes code under a lock that is given back whatever happens: a panic
// in between would let the next program that locks it wait for ever, and the
// run-time system would say so from a thread that chance chooses.
func (g *gen) locked() {
	if g.chance(50) {
		g.st("gmu.Lock()")
		g.st("%s", g.oneOf(`gpath = "b"`, "gn++", "gi ^= 1", "gfd, gbox.fd = gbox.fd, gfd", "goff += 3"))
		g.st("gmu.Unlock()")
		return
	}
	g.p("func() {")
	g.depth++
	g.st("gmu.Lock()")
	g.st("defer gmu.Unlock()")
	g.change()
	g.depth--
	g.p("}()")
}

// define declares a variable.
func (g *gen) define() {
	var value string
	var k kind
	switch g.IntN(9) {
	case 0:
		k, value = kInt, g.integer()
		value = "int(" + value + ")"
	case 1:
		k, value = kI64, g.offset()
		value = "int64(" + value + ")"
	case 2:
		k, value = kStr, g.str()
		if value == "nil" {
			return
		}
	case 3:
		k, value = kFd, "int("+g.fd()+")"
	case 4:
		k, value = kBytes, "make([]byte, 6)"
	case 5:
		k, value = kU32, "uint32(0o640)"
	case 6:
		k, value = kStatP, "new("+g.typeName(kStat)+")"
		if v := g.pick(kStat); v != nil {
			value = "&" + v.text
		}
	case 7:
		k = g.anyKind()
	case 8:
		k, value = kBool, g.cond()
	}
	name := g.fresh(g.oneOf("v", "w", "y"))
	g.add(name, k)
	if value == "" {
		g.st("var %s %s", name, g.typeName(k))
	} else {
		g.st("%s := %s", name, value)
	}
}

func (g *gen) anyKind() kind {
	kinds := []kind{kInt, kI64, kStat, kStat, kSStat, kBuf, kErr, kBox, kStats, kErrs, kInts}
	return kinds[g.IntN(len(kinds))]
}

// block writes f's code one level deeper.
func (g *gen) block(f func()) {
	g.depth++
	g.push()
	f()
	g.pop()
	g.depth--
}

// structure writes a statement that holds others.
func (g *gen) structure() {
	switch k := g.IntN(130); {
	case k < 8:
		g.p("{")
		g.block(func() { g.list(2) })
		g.p("}")
	case k < 18:
		g.p("if %s {", g.cond())
		g.block(func() { g.list(2) })
		if g.chance(30) {
			g.p("} else {")
			g.block(func() { g.list(1) })
		}
		g.p("}")
	case k < 24:
		g.p("switch %s & 3 {", g.integer())
		for i := range 3 {
			g.p("case %d:", i)
			g.inSwitch(func() { g.block(func() { g.list(1) }) })
		}
		g.p("}")
	case k < 31:
		g.loop(func() { g.list(2) })
	case k < 36:
		g.overPaths()
	case k < 44:
		g.literalBody()
	case k < 48:
		g.retry()
	case k < 58:
		g.chain()
	case k < 63:
		g.hidden()
	case k < 68:
		g.closure()
	case k < 72:
		g.overArray()
	case k < 77:
		g.pipe()
	case k < 88:
		g.flow()
	default:
		g.vector()
	}
}

// loop writes a loop around other code.
func (g *gen) loop(body func()) {
	if len(g.fn.loops) > 1 {
		body()
		return
	}
	l := &loop{label: g.tag("L")}
	at := len(g.lines)
	g.p("%s:", l.label)
	g.fn.loops = append(g.fn.loops, l)
	defer g.deferOff()()
	g.push()
	name := g.fresh("i")
	switch g.IntN(4) {
	case 0:
		g.p("for %s := 0; %s < %d; %s++ {", name, name, 1+g.IntN(3), name)
	case 1:
		g.p("for %s := range %d {", name, 1+g.IntN(3))
	case 2:
		g.p("for %s := range []int{4, 5} {", name)
	case 3:
		g.p("for %s := %d; %s >= 0; %s-- {", name, g.IntN(3), name, name)
	}
	g.add(name, kInt).fixed = true
	before := g.calls
	g.calls = min(g.calls, 6)
	g.block(func() {
		g.lines[len(g.lines)-1].text += fmt.Sprintf(" _ = %s", name)
		body()
	})
	g.calls = before - (min(before, 6) - g.calls)
	g.pop()
	g.p("}")
	g.fn.loops = g.fn.loops[:len(g.fn.loops)-1]
	if !l.used {
		g.lines[at].text = ""
	}
}

// deferOff forbids defers of calls until the function it returns is called.
func (g *gen) deferOff() func() {
	old := g.fn.deferOK
	g.fn.deferOK = false
	return func() { g.fn.deferOK = old }
}

// overPaths writes a loop over names, with one or two calls on each.
func (g *gen) overPaths() {
	if len(g.fn.loops) > 1 {
		return
	}
	l := &loop{label: g.tag("L")}
	at := len(g.lines)
	g.p("%s:", l.label)
	g.fn.loops = append(g.fn.loops, l)
	defer g.deferOff()()
	g.push()
	name, idx := g.fresh("p"), "_"
	if g.chance(40) {
		idx = g.fresh("i")
		for idx == name {
			idx += "1"
		}
	}
	over := `[]string{"a", "none", "b", "d/x"}`
	if v := g.pick(kPaths); v != nil && g.chance(50) {
		over = v.text
	}
	if g.chance(20) {
		over = `[...]string{"a", "b", "c"}`
	}
	g.p("for %s, %s := range %s {", idx, name, over)
	g.add(name, kStr)
	if idx != "_" {
		g.add(idx, kInt).fixed = true
	}
	g.block(func() {
		if idx != "_" {
			g.st("_ = %s", idx)
		}
		if g.chance(50) {
			v := g.fresh("st")
			for v == name {
				v += "1"
			}
			g.add(v, kStat)
			g.st("var %s %s", v, g.typeName(kStat))
		}
		g.p("if err := %s.%s; err != nil {", g.u, g.oneOf("Lstat("+name+", &gst)", "Chmod("+name+", 0o640)", "Access("+name+", 4)"))
		g.push()
		g.add("err", kErr)
		g.handler("err")
		g.pop()
		g.p("}")
		g.calls -= 3
		if g.chance(50) {
			g.step()
		}
		g.st("rt.Log(%q, %s)", g.tag("each"), name)
	})
	g.pop()
	g.p("}")
	g.fn.loops = g.fn.loops[:len(g.fn.loops)-1]
	if !l.used {
		g.lines[at].text = ""
	}
}

// overArray writes a loop that fills arrays by index.
func (g *gen) overArray() {
	v := g.pick(kStats)
	if v == nil || len(g.fn.loops) > 0 {
		return
	}
	sts := v.text
	errs := "gerrs"
	if w := g.pick(kErrs); w != nil {
		errs = w.text
	}
	i := "i"
	if i == sts || i == errs {
		i = "j"
	}
	g.calls -= 3
	g.p("for %s := range %s {", i, sts)
	g.depth++
	switch g.IntN(3) {
	case 0:
		g.st("%s[%s] = %s.Lstat([3]string{\"a\", \"b\", \"none\"}[%s], &%s[%s])", errs, i, g.u, i, sts, i)
	case 1:
		g.p("if %s[%s] = %s.Fstat(gfd, &%s[%s]); %s[%s] != nil {\n\tbreak\n}", errs, i, g.u, sts, i, errs, i)
	case 2:
		g.p("if err := %s.Fstat(%s, &%s[%s]); err != nil {\n\trt.Log(%q, err)\n\tcontinue\n}\ngoff += %s[%s].Size", g.u, "gfd", sts, i, g.tag("f"), sts, i)
	}
	g.depth--
	g.p("}")
	g.st("rt.Log(%q, %s[:], %s[:])", g.tag("arr"), sts, errs)
}
