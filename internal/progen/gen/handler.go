// SPDX-License-Identifier: BSD-3-Clause

package gen

import (
	"fmt"
	"strings"
)

// handler writes the body of a branch on a result, without braces. err names
// the error, "" when nothing does; the names in must are not used yet.
func (g *gen) handler(err string, must ...string) {
	g.depth++
	g.push()
	if len(must) > 0 || g.chance(35) {
		values := must
		if len(values) == 0 && err != "" {
			values = []string{err}
		}
		g.st("rt.Log(%s)", strings.Join(append([]string{fmt.Sprintf("%q", g.tag("h"))}, values...), ", "))
	}
	for g.chance(40) {
		g.action(err)
	}
	if g.chance(45) {
		g.leave(err)
	}
	g.pop()
	g.depth--
}

// inSwitch writes code that a plain break leaves at the end of a case.
func (g *gen) inSwitch(f func()) {
	g.fn.loops = append(g.fn.loops, &loop{isSwitch: true})
	f()
	g.fn.loops = g.fn.loops[:len(g.fn.loops)-1]
}

// action writes something that handlers do.
func (g *gen) action(err string) {
	switch g.IntN(12) {
	case 0:
		g.st("rt.Print(%q)", g.tag("out"))
	case 1:
		if v := g.lookup(err); v != nil && v.kind == kErr && !v.fixed {
			if g.chance(50) {
				g.st("%s = nil", err)
			} else {
				g.need("fmt")
				g.st("%s = fmt.Errorf(\"%s: %%w\", %s)", err, g.tag("wrap"), err)
			}
			return
		}
		fallthrough
	case 2, 3, 4:
		g.change()
	case 5, 6, 7, 8:
		if g.calls > 0 && g.depth < 6 {
			g.step()
			return
		}
		g.change()
	case 9:
		if g.calls > 1 && g.depth < 5 {
			g.step()
			g.step()
		}
	case 10:
		if v := g.pick(kFn); v != nil {
			g.st("%s()", v.text)
		}
	case 11:
		g.p("if %s {", g.cond())
		g.depth++
		g.push()
		g.leave(err)
		g.pop()
		g.depth--
		g.p("}")
	}
}

// change assigns to something that arguments may be made of.
func (g *gen) change() {
	switch g.IntN(16) {
	case 0, 1, 2, 3:
		if v := g.assignable(kStr); v != nil {
			g.st("%s = %s", v.name, g.str())
		}
	case 4, 5:
		if v := g.assignable(kInt); v != nil {
			g.st("%s%s", v.name, g.oneOf("++", "--", " = 0", " += 2"))
		}
	case 6:
		if v := g.pick(kBox, kBoxP); v != nil {
			g.st("%s.path = %s", v.text, g.literal())
		}
	case 7:
		if v := g.assignable(kI64); v != nil {
			g.st("%s = %s", v.name, g.offset())
		}
	case 8:
		if v := g.assignable(kFd); v != nil {
			g.st("%s = %s", v.name, g.oneOf("gfd", "-1", "gbox.fd"))
		}
	case 9:
		if v := g.pick(kPaths); v != nil {
			g.st("%s[%s] = %s", v.text, g.index(), g.literal())
		}
	case 10:
		if v := g.pick(kBox, kBoxP); v != nil {
			g.st("%s.touch()", v.text)
		}
	case 11:
		if v := g.assignable(kU32); v != nil {
			g.st("%s = %s", v.name, g.oneOf("0o611", "0o700", v.name+" ^ 0o11"))
		}
	case 12:
		g.st("%s", g.oneOf(`gpath = "b"`, "gn++", "gi ^= 1", "gfd, gbox.fd = gbox.fd, gfd", "goff += 3"))
	case 13:
		if v := g.pick(kBuf, kBytes); v != nil {
			g.st("copy(%s[:], %q)", v.text, g.tag("s"))
		}
	case 14:
		if v := g.assignable(kStatP); v != nil {
			if w := g.pick(kStat); w != nil {
				g.st("%s = &%s", v.name, w.text)
			}
		}
	case 15:
		if v := g.pick(kErrM); v != nil {
			g.st("rt.Log(%q, %s[%s])", g.tag("m"), v.text, g.literal())
		}
	}
}

// leave writes a statement after which control does not go on.
func (g *gen) leave(err string) {
	loops := g.fn.loops
	switch n := g.IntN(100); {
	case n < 8:
		g.panics(err)
	case n < 22 && g.canGoto():
		g.fn.outUsed = true
		g.st("goto %s", g.fn.out)
	case n < 24:
		g.need("runtime")
		g.st("runtime.Goexit()")
	case n < 25:
		g.need("os")
		g.st("os.Exit(%d)", 3+g.IntN(5))
	case n < 63 && len(loops) > 0:
		g.leaveLoop()
	default:
		g.ret(err)
	}
}

// canGoto says whether the label at the end of the function can be jumped to.
func (g *gen) canGoto() bool { return g.fn.out != "" }

func (g *gen) panics(err string) {
	v := g.lookup(err)
	switch {
	case v != nil && v.kind == kErr && g.chance(50):
		g.st("panic(%s)", err)
	default:
		g.st("panic(%q)", g.tag("p"))
	}
}

// leaveLoop leaves a loop or goes on with its next round.
func (g *gen) leaveLoop() {
	loops := g.fn.loops
	in := loops[len(loops)-1]
	if in.isSwitch && g.chance(50) {
		g.st("break")
		return
	}
	for i := len(loops) - 1; i >= 0; i-- {
		l := loops[i]
		if l.isSwitch || i > 0 && g.chance(20) {
			continue
		}
		word := g.oneOf("break", "continue", "continue")
		if i == len(loops)-1 && g.chance(70) || word == "continue" && inner(loops, i) && g.chance(70) {
			g.st("%s", word)
			return
		}
		l.used = true
		g.st("%s %s", word, l.label)
		return
	}
	g.ret("")
}

// inner says whether loop i is the innermost one but for switches.
func inner(loops []*loop, i int) bool {
	for _, l := range loops[i+1:] {
		if !l.isSwitch {
			return false
		}
	}
	return true
}

// ret writes a return statement.
func (g *gen) ret(err string) {
	f := g.fn
	if len(f.results) == 0 {
		g.st("return")
		return
	}
	if len(f.named) > 0 && g.chance(50) && g.bare() {
		g.st("return")
		return
	}
	var out []string
	for _, k := range f.results {
		switch k {
		case kErr:
			v := g.lookup(err)
			switch n := g.IntN(10); {
			case v != nil && v.kind == kErr && n < 6:
				out = append(out, err)
			case v != nil && v.kind == kErr && n < 9:
				g.need("fmt")
				out = append(out, fmt.Sprintf("fmt.Errorf(\"%s: %%w\", %s)", g.tag("r"), err))
			default:
				out = append(out, g.oneOf("nil", g.errno(), "gerr"))
			}
		case kInt:
			out = append(out, g.integer())
		case kBool:
			out = append(out, g.oneOf("true", "false"))
		case kStat:
			if v := g.pick(kStat); v != nil {
				out = append(out, v.text)
			} else {
				out = append(out, g.typeName(kStat)+"{}")
			}
		}
	}
	g.st("return %s", strings.Join(out, ", "))
}

// bare says whether a return without values is allowed: no result is hidden.
func (g *gen) bare() bool {
	for _, n := range g.fn.named {
		v := g.lookup(n)
		if v == nil || !v.result {
			return false
		}
	}
	return true
}
