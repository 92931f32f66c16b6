// SPDX-License-Identifier: BSD-3-Clause

package gen

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
