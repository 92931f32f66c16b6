// SPDX-License-Identifier: BSD-3-Clause

package gen

import (
	"fmt"
	"strconv"
)

// Code between calls that calculates what a later call is given. Most of it
// could be done earlier without anybody seeing; some of it panics for certain
// values; some of it only looks harmless: it prints, counts, reads what
// something else writes, or makes system calls of its own.

// calc is an expression of a kind, made of what is visible. wild allows what a
// rewriter must not move.
func (g *gen) calc(k kind, wild bool) string {
	switch k {
	case kStr:
		if wild {
			return g.wildString()
		}
		return g.pureString()
	case kInt:
		if wild {
			return g.wildInt()
		}
		return g.pureInt()
	case kU32:
		return g.pureMode(wild)
	case kI64:
		return g.pureSize(wild)
	case kFd:
		return g.pureFd(wild)
	case kBool:
		return g.hostCond(wild)
	}
	panic("calc: no such kind")
}

// a name and a number to calculate with.
func (g *gen) aName() string {
	if g.focus != "" && g.chance(75) {
		return g.focus
	}
	if v := g.pick(kStr); v != nil && g.chance(75) {
		return v.text
	}
	return strconv.Quote(names[g.IntN(len(names))])
}

func (g *gen) aNumber() string {
	switch n := g.IntN(10); {
	case n < 6:
		if v := g.pick(kInt); v != nil {
			return v.text
		}
	case n < 7:
		if v := g.pick(kBytes); v != nil {
			return "len(" + v.text + ")"
		}
	}
	return g.oneOf("0", "1", "2", "3")
}

// aVariable is a number that the compiler does not know.
func (g *gen) aVariable() string {
	if v := g.pick(kInt); v != nil && g.chance(80) {
		return v.text
	}
	return g.oneOf("gi", "gn")
}

// conf is a configuration, most likely one that is there.
func (g *gen) conf() string {
	if v := g.pick(kConfP); v != nil {
		return v.text
	}
	return g.oneOf("(&gconf)", "gconf")
}

// pureString reads names and numbers and nothing else, and cannot panic but
// by a nil pointer.
func (g *gen) pureString() string {
	p := g.aName()
	switch g.IntN(22) {
	case 0:
		return `"./" + ` + p
	case 1:
		g.need("path/filepath")
		return g.oneOf("filepath.Join(\".\", "+p+")", "filepath.Join(\"d\", \"..\", "+p+")", "filepath.Clean("+p+")", "filepath.Base("+p+")")
	case 2:
		g.need("path/filepath")
		return "filepath.Join(rt.Dir, " + p + ")"
	case 3:
		g.need("fmt")
		return fmt.Sprintf("fmt.Sprintf(\"n%%d\", %s)", g.aNumber())
	case 4:
		g.need("strconv")
		return `"n" + strconv.Itoa(` + g.aNumber() + "&7)"
	case 5:
		g.need("strings")
		return g.oneOf("strings.TrimSpace("+p+")", "strings.ToLower("+p+")", "strings.TrimSuffix("+p+", \"/\")", "strings.ReplaceAll("+p+", \"//\", \"/\")")
	case 6:
		return "pure(" + p + ")"
	case 7:
		return g.oneOf("util.Here("+p+")", "util.Digits("+g.aNumber()+")")
	case 8:
		return `gmap["a"]`
	case 9:
		return g.conf() + ".Title()"
	case 10:
		if v := g.pick(kConfP); v != nil {
			return v.text + g.oneOf(".Names[0]", ".Title()", ".Next.Names[0]")
		}
	case 11:
		if v := g.pick(kBuf); v != nil {
			return `"./" + string(` + v.text + "[:3])" // it may hold the beginning of a folder's name
		}
	case 12:
		return "string([]byte(" + p + "))"
	case 13:
		return "min(" + p + `, "c")`
	case 14:
		g.need("fmt")
		return "fmt.Sprint(" + p + ")"
	case 15:
		return "[...]string{" + p + `, "b"}[` + g.aNumber() + "&1]"
	case 16:
		g.need("strings")
		return g.oneOf("strings.Join([]string{\".\", "+p+"}, \"/\")", "strings.Repeat(\"./\", 2) + "+p)
	case 17:
		return p + " + count(1)"
	case 18:
		if v := g.pick(kBox, kBoxP); v != nil {
			return v.text + g.oneOf(".path", ".name()")
		}
	case 19:
		return `"./" + ` + p + ` + ""`
	}
	return p
}

// wildString may panic, be heard, or read what others write.
func (g *gen) wildString() string {
	p := g.aName()
	switch g.IntN(22) {
	case 0:
		return `"./" + ` + p + "[:" + g.aVariable() + "]"
	case 1:
		g.need("strings")
		return "strings.Repeat(\"./\", " + g.aVariable() + "-1) + " + p
	case 2:
		return "gmap[" + p + "]"
	case 3:
		if v := g.pick(kPaths); v != nil {
			return v.text + "[" + g.aVariable() + "]"
		}
	case 4:
		return "util.Say(" + p + ")"
	case 5:
		return "util.Current()"
	case 6:
		g.need("fmt")
		return "fmt.Sprint(util.Shown{Name: " + p + "})"
	case 7:
		g.need("fmt")
		return "fmt.Sprintf(\"%v\", util.Shown{" + p + "})"
	case 8:
		g.need("strings")
		return "strings.Map(func(r rune) rune {\n\tgn++\n\treturn r\n}, " + p + ")"
	case 9:
		g.need("os")
		return `os.Getenv("NONE") + ` + p
	case 10:
		g.need("path/filepath")
		return "func() string {\n\ts, err := filepath.Abs(" + p + ")\n\trt.Log(\"abs\", err)\n\treturn s\n}()"
	case 11:
		return "util.Known(" + p + ")"
	case 12:
		return "at(util.Names(3), " + g.aVariable() + ")"
	case 13:
		if v := g.pick(kBoxP); v != nil {
			return v.text + ".next.path"
		}
	case 14:
		return "any(" + p + ").(string)"
	case 15:
		return `[]any{"a", 1}[` + g.aVariable() + "&1].(string)"
	case 16:
		return "func() string {\n\tgpath = \"c\"\n\treturn " + p + "\n}()"
	case 17:
		if v := g.pick(kErr); v != nil {
			return v.text + ".Error()"
		}
	case 18:
		g.need("maps")
		g.need("slices")
		return "slices.Sorted(maps.Keys(gmap))[" + g.aVariable() + "]"
	case 19:
		g.need("os")
		return "func() string {\n\tif info, err := os.Lstat(" + p + "); err == nil {\n\t\treturn info.Name()\n\t}\n\treturn " + p + "\n}()"
	case 20:
		return "gpath"
	case 21:
		return "(*(*[1]string)([]string{" + p + "}[:" + g.aVariable() + "]))[0]"
	}
	return g.effect("string", p)
}

// pureInt is a small number.
func (g *gen) pureInt() string {
	n := g.aNumber()
	switch g.IntN(16) {
	case 0:
		return "len(" + g.aName() + ")"
	case 1:
		return n + "*2 + 1"
	case 2:
		return n + "&3"
	case 3:
		return "min(" + n + ", 4)"
	case 4:
		return "max(" + n + ", 0) % 7"
	case 5:
		g.need("strings")
		return "strings.Count(" + g.aName() + ", \"/\")"
	case 6:
		return "util.Twice(" + n + ")"
	case 7:
		return "util.Depth(" + n + ")"
	case 8:
		g.need("math/bits")
		return "bits.OnesCount(uint(" + n + "))"
	case 9:
		return "cap(gbuf) - 8"
	case 10:
		g.need("strconv")
		return "len(strconv.Itoa(" + n + "))"
	case 11:
		return "fact(" + n + "&3)"
	case 12:
		return "int(uint8(" + n + ") >> 1)"
	case 13:
		if v := g.pick(kConfP); v != nil {
			return v.text + ".N"
		}
	case 14:
		if v := g.pick(kBox, kBoxP); v != nil {
			return v.text + ".n"
		}
	case 15:
		return n + " ^ 1"
	}
	return n
}

func (g *gen) wildInt() string {
	n := g.aVariable()
	switch g.IntN(14) {
	case 0:
		return "9 / " + n
	case 1:
		return "7 % " + n
	case 2:
		return "1 << " + n
	case 3:
		if v := g.pick(kInts, kIntSl, kFds); v != nil {
			return v.text + "[" + n + "]"
		}
	case 4:
		return "gcount()"
	case 5:
		return "util.Tick()"
	case 6:
		g.need("sync/atomic")
		return "int(atomic.AddInt64(&goff, 1)) & 7"
	case 7:
		return "div(6, " + n + ")"
	case 8:
		return "any(gany).(int)"
	case 9:
		return "int(" + g.aName() + "[0]) & 3"
	case 10:
		return "len(gchan)"
	case 11:
		return "gn"
	case 12:
		return "len(make([]byte, " + n + "-1))"
	case 13:
		g.need("time")
		return "int(time.Now().Unix()>>62) + 1"
	}
	return g.effect("int", n)
}

// pureMode is a file mode.
func (g *gen) pureMode(wild bool) string {
	if wild && g.chance(50) {
		return g.oneOf("uint32(0o600|"+g.wildIntLine()+"&7)", "util.Mode(util.Tick())")
	}
	switch g.IntN(8) {
	case 0:
		return "uint32(0o600 | " + g.aNumber() + "&7)"
	case 1:
		if v := g.pick(kStat); v != nil {
			return v.text + ".Mode&0o777"
		}
	case 2:
		return "util.Mode(" + g.aNumber() + ")"
	case 3:
		if v := g.pick(kU32); v != nil {
			return v.text + " &^ 0o22"
		}
	case 4:
		if v := g.pick(kConfP); v != nil {
			return v.text + g.oneOf(".ModeOr(0o700)", ".Mode")
		}
	case 5:
		g.need("os")
		return "uint32(os.FileMode(0o640).Perm())"
	case 6:
		return "gconf.Mode"
	}
	return "uint32(" + g.oneOf("0o644", "0o600", "0o711") + ")"
}

// wildIntLine is wildInt without line breaks, so that it can stand anywhere.
func (g *gen) wildIntLine() string { return "int(" + g.wildInt() + ")" }

// pureSize is an int64: an offset or a length.
func (g *gen) pureSize(wild bool) string {
	if wild && g.chance(50) {
		return "int64(" + g.wildInt() + ")"
	}
	switch g.IntN(9) {
	case 0:
		if v := g.pick(kStat, kSStat); v != nil {
			return v.text + g.oneOf(".Size", ".Size / 2", ".Size&^7")
		}
	case 1:
		return "int64(" + g.aNumber() + ") * 4"
	case 2:
		if v := g.pick(kI64); v != nil {
			return v.text + g.oneOf(" + 1", " * 2", " % 9")
		}
	case 3:
		if v := g.pick(kConfP); v != nil {
			return v.text + ".Size"
		}
	case 4:
		return "int64(len(" + g.aName() + "))"
	case 5:
		if v := g.pick(kBox, kBoxP); v != nil {
			return v.text + g.oneOf(".off", ".st.Size")
		}
	case 6:
		return "gconf.Size"
	case 7:
		if v := g.pick(kStatP); v != nil {
			return v.text + ".Size"
		}
	}
	return "int64(" + g.pureInt() + ")"
}

// pureFd is a descriptor.
func (g *gen) pureFd(wild bool) string {
	if wild && g.chance(50) {
		if v := g.pick(kFds); v != nil {
			return v.text + "[" + g.aVariable() + "]"
		}
		return g.effect("int", "gfd")
	}
	v := g.pick(kFd)
	if v == nil {
		return "gbox.fd"
	}
	switch g.IntN(5) {
	case 0:
		return "int(uintptr(" + v.text + "))"
	case 1:
		return "max(" + v.text + ", gbox.fd)"
	case 2:
		if b := g.pick(kBox, kBoxP); b != nil {
			return b.text + ".fd"
		}
	}
	return v.text
}

// pureThen declares a variable, calculated by code that a rewriter may
// move, or just not, and makes a call with it.
func (g *gen) pureThen() {
	if g.top().noDefine {
		g.step()
		return
	}
	kinds := []struct {
		k    kind
		what string
	}{{kStr, "path"}, {kStr, "path"}, {kStr, "path"}, {kU32, "mode"}, {kI64, "off"}, {kFd, "fd"}, {kInt, ""}, {kBool, ""}}
	c := kinds[g.IntN(len(kinds))]
	value := g.calc(c.k, g.chance(30))
	name := g.own(g.oneOf("q", "w", "k", "full"))
	// The value is written before the name is known, as Go's scopes have it.
	if g.chance(20) {
		g.p("var %s %s = %s", name, g.typeName(c.k), value)
	} else {
		g.p("%s := %s", name, value)
	}
	v := g.add(name, c.k)
	if g.chance(15) {
		g.adjust(v)
	}
	if c.k == kBool {
		g.p("if %s {", name)
		g.block(g.step)
		g.p("}")
		return
	}
	old := g.bound
	g.bound = &bound{of: map[string][]string{c.what: {name}}}
	if c.what == "path" {
		g.bound.of["text"], g.bound.of["new"] = []string{name}, []string{name}
	}
	g.step()
	g.bound = old
}

// adjust changes a variable just declared, on some condition.
func (g *gen) adjust(v *variable) {
	cond := g.hostCond(g.chance(15))
	switch v.kind {
	case kStr:
		g.p("if %s {\n\t%s = %s\n}", cond, v.name, g.oneOf(`"a"`, `"./" + `+v.name, v.name+`[:0] + "b"`))
	case kInt, kI64, kU32:
		g.p("if %s {\n\t%s++\n}", cond, v.name)
	case kBool:
		g.st("%s = %s != %s", v.name, v.name, "gbool")
	}
}
