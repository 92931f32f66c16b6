// SPDX-License-Identifier: BSD-3-Clause

package gen

// Calls under conditions that are known before any call is made (a program's
// options, an argument), and under conditions that only look so.

// hostCond is a condition on the program's own data; wild ones print, count,
// may panic, or read what an earlier call wrote.
func (g *gen) hostCond(wild bool) string {
	if wild {
		return g.wildCond()
	}
	switch g.IntN(14) {
	case 0, 1:
		if v := g.pick(kBool); v != nil {
			return g.oneOf("", "!") + v.text
		}
	case 2, 3:
		if v := g.pick(kConfP); v != nil {
			return g.oneOf(v.text+".NoDelay", "!"+v.text+".Sync", v.text+" != nil && "+v.text+".Sync", v.text+".N > 2", v.text+" != nil", v.text+".Want(1)",
				v.text+" == nil || "+v.text+".NoDelay", v.text+".Next.NoDelay", "len("+v.text+".Names) > 0 && "+v.text+".Names[0] != \"\"")
		}
	case 4:
		return g.oneOf("gconf.NoDelay", "gconf.Sync", "gconf.N > 1 && !gconf.Sync", "gbool")
	case 5:
		return g.oneOf("len("+g.aName()+") > 1", g.aName()+` != ""`, g.aName()+` == "a"`, "util.Plain("+g.aName()+")")
	case 6:
		return g.aNumber() + g.oneOf(" > 1", " == 0", "&1 == 0", " != 2")
	case 7:
		if v := g.pick(kBox, kBoxP); v != nil {
			return v.text + g.oneOf(".n > 0", ".fd >= 0", ".path != \"\"", ".next != nil")
		}
	case 8:
		g.need("strings")
		return `strings.HasPrefix(` + g.aName() + `, "d/")`
	case 9:
		if v := g.pick(kU32); v != nil {
			return v.text + "&0o40 != 0"
		}
	case 10:
		return g.oneOf("rt.Pid > 0", "util.Depth("+g.aNumber()+") < 2", "len(gstatic) > 3")
	case 11:
		if v := g.pick(kPaths); v != nil {
			return "len(" + v.text + ") > 2"
		}
	case 12:
		return g.unordered()
	}
	return g.pureInt() + " > 1"
}

// unordered are comparisons that are false whichever way they are turned, where
// gnan is in them.
func (g *gen) unordered() string {
	return g.oneOf("gnan > 1", "gnan <= 1", "float64("+g.aNumber()+") >= gnan", "!(gnan < 2)", "gnan != gnan", "float64("+g.aNumber()+") < 1.5")
}

func (g *gen) wildCond() string {
	switch g.IntN(12) {
	case 0, 1:
		if v := g.pick(kStat); v != nil {
			return v.text + g.oneOf(".Size > 20", ".Mode&0o111 != 0", ".Nlink == 1")
		}
	case 2:
		if v := g.pick(kErr); v != nil {
			return v.text + g.oneOf(" == nil", " != nil")
		}
	case 3:
		return g.effect("bool", g.oneOf("true", "gbool"))
	case 4:
		if v := g.pick(kPaths); v != nil {
			return v.text + "[" + g.aVariable() + `] == "b"`
		}
	case 5:
		return g.oneOf("gcount() > 1", "util.Tick() != 2")
	case 6:
		return `util.Known(` + g.aName() + `) != "a"`
	case 7:
		return "9/" + g.aVariable() + " > 4"
	case 8:
		if v := g.pick(kBuf, kBytes); v != nil {
			return v.text + "[0] > 'b'"
		}
	case 9:
		if v := g.pick(kStatP); v != nil {
			return v.text + ".Size > 9"
		}
	case 10:
		return "any(gany) == any(" + g.aVariable() + ")"
	case 11:
		if v := g.pick(kInts); v != nil {
			return v.text + "[1] == 0"
		}
	}
	return "gn&1 == 0"
}

// guarded writes a group in which some calls are made on conditions.
func (g *gen) guarded() {
	for range 2 + g.IntN(3) {
		if g.calls <= 0 {
			return
		}
		cond := g.hostCond(g.chance(22))
		switch n := g.IntN(100); {
		case n < 25:
			g.step()
		case n < 55:
			g.p("if %s {", cond)
			g.block(g.step)
			g.p("}")
		case n < 62:
			g.p("if %s {", cond)
			g.block(func() { g.step(); g.step() })
			g.p("}")
		case n < 75:
			g.p("if %s {", cond)
			g.block(g.step)
			g.p("} else {")
			g.block(g.step)
			g.p("}")
		case n < 80:
			g.p("if %s {", cond)
			g.block(g.step)
			g.p("} else if %s {", g.hostCond(false))
			g.block(g.step)
			g.p("}")
		case n < 88:
			g.p("if %s {", cond)
			g.block(func() { g.ret("err") })
			g.p("}")
		case n < 94:
			g.p("switch {\ncase %s:", cond)
			g.inSwitch(func() { g.block(g.step) })
			g.p("case %s:", g.hostCond(false))
			g.inSwitch(func() { g.block(g.step) })
			if g.chance(40) {
				g.p("default:")
				g.inSwitch(func() { g.block(g.step) })
			}
			g.p("}")
		case n < 97:
			g.p("switch %s {\ncase 0, 1:", g.aNumber())
			g.inSwitch(func() { g.block(g.step) })
			g.p("case 2:")
			g.inSwitch(func() {
				g.block(func() {
					g.step()
					if g.chance(40) {
						g.st("fallthrough")
					}
				})
			})
			g.p("default:")
			g.inSwitch(func() { g.block(g.step) })
			g.p("}")
		default:
			g.asLong(cond)
		}
	}
}

// asLong writes calls each of which is made as long as nothing failed.
func (g *gen) asLong(cond string) {
	v := g.assignable(kErr)
	if v == nil {
		g.step()
		return
	}
	for i := range 2 + g.IntN(2) {
		c := g.spec()
		for range 8 {
			if c.hasErr() && c.result != "raw" {
				break
			}
			c = g.spec()
		}
		if !c.hasErr() {
			return
		}
		lhs := v.name
		if c.values() == 2 {
			lhs = "_, " + lhs
		}
		call := g.call(c)
		switch {
		case i == 0:
			g.st("%s = %s", lhs, call)
		case g.chance(25):
			g.p("if %s == nil && %s {", v.name, cond)
			g.block(func() { g.st("%s = %s", lhs, call) })
			g.p("}")
		default:
			g.p("if %s == nil {", v.name)
			g.block(func() { g.st("%s = %s", lhs, call) })
			g.p("}")
		}
	}
}
