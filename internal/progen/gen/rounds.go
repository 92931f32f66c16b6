// SPDX-License-Identifier: BSD-3-Clause

package gen

import (
	"fmt"
	"slices"
	"strings"
)

// dests are where calls of a loop leave what they find out.
type dests struct {
	inside []string // statements at the beginning of the body that declare them
	stat   string   // expression of a file's attributes, to be read after a call
	ptr    bool     // stat is a pointer
	buf    string   // expression of a buffer
	later  []func() // what is done when idx and item are known
}

// addr is a pointer to the attributes.
func (d *dests) addr() string {
	if d.ptr {
		return d.stat
	}
	return "&" + d.stat
}

// destinations declares what stands in front of the loop.
func (v *vector) destinations() *dests {
	g := v.gen
	d := &dests{}
	st := g.own("st")
	size := v.n
	if v.wild && g.chance(25) && v.n > 0 {
		size = g.IntN(v.n) // too few: the loop panics on its way
	}
	// Places that are chosen by the round's number need one.
	byIdx := func(declare, format string) {
		g.p("%s", declare)
		g.add(st, kNoise)
		v.after = append(v.after, st+"[:]")
		d.later = append(d.later, func() {
			if v.idx == "" {
				d.stat = "gst"
				v.bound.add("&gst", "stat")
				return
			}
			at := fmt.Sprintf(format, st, v.idx)
			d.stat = at
			v.bound.add("&"+at, "stat")
		})
	}
	typ := g.typeName(kStat)
	switch g.IntN(14) {
	case 0, 1, 2, 3: // one for each round
		d.inside = append(d.inside, fmt.Sprintf("var %s %s", st, typ))
		d.later = append(d.later, func() { g.add(st, kStat) })
		d.stat = st
		v.bound.add("&"+st, "stat")
	case 4, 5: // one that all rounds share
		g.p("var %s %s", st, typ)
		g.add(st, kStat)
		d.stat = st
		v.bound.add("&"+st, "stat")
		if g.chance(50) {
			v.after = append(v.after, st)
		}
	case 6:
		byIdx(fmt.Sprintf("%s := make([]%s, %d)", st, typ, size), "%s[%s]")
	case 7:
		byIdx(fmt.Sprintf("var %s [%d]%s", st, max(size, 1), typ), "%s[%s]")
	case 8:
		byIdx(fmt.Sprintf("var %s [4]%s", st, typ), "%s[%s&3]") // used again and again
	case 9:
		d.inside = append(d.inside, fmt.Sprintf("%s := new(%s)", st, typ))
		d.later = append(d.later, func() { g.add(st, kStatP) })
		d.stat, d.ptr = st, true
		v.bound.add(st, "stat")
	case 10:
		// Of the round's box; a list of them has no other place.
		d.later = append(d.later, func() {
			switch {
			case v.item != "" && (v.kind == kBox || v.kind == kBoxP):
				d.stat = v.item + ".st"
			case v.kind == kBox && v.idx != "" && v.list != "":
				d.stat = v.list + "[" + v.idx + "].lst"
			default:
				d.stat = "gbox.st"
			}
			v.bound.add("&"+d.stat, "stat")
		})
	case 11:
		d.stat = "gst"
		v.bound.add("&gst", "stat")
	case 12: // the next place of a list that grows
		g.p("var %s []%s", st, typ)
		g.add(st, kStatSl)
		v.after = append(v.after, st)
		d.inside = append(d.inside, fmt.Sprintf("%s = append(%s, %s{})", st, st, typ))
		d.stat = fmt.Sprintf("%s[len(%s)-1]", st, st)
		v.bound.add("&"+d.stat, "stat")
	case 13: // either of two
		other := g.own("other")
		g.p("var %s, %s %s", st, other, typ)
		g.add(st, kStat)
		g.add(other, kStat)
		v.after = append(v.after, st, other)
		d.stat = st
		v.bound.add("&"+st, "stat")
		v.bound.add("&"+other, "stat")
	}
	v.buffers(d)
	return d
}

func (v *vector) buffers(d *dests) {
	g := v.gen
	buf := g.own("buf")
	slice := buf + "[:]"
	switch g.IntN(6) {
	case 0, 1:
		d.inside = append(d.inside, fmt.Sprintf("var %s [24]byte", buf))
		d.later = append(d.later, func() { g.add(buf, kBuf) })
	case 2:
		g.p("var %s [24]byte", buf)
		g.add(buf, kBuf)
		v.after = append(v.after, buf+"[:]")
	case 3:
		d.inside = append(d.inside, fmt.Sprintf("%s := make([]byte, 8)", buf))
		d.later = append(d.later, func() { g.add(buf, kBytes) })
	case 4:
		g.p("%s := make([]byte, 8*%d)", buf, max(v.n, 1))
		g.add(buf, kBytes)
		v.after = append(v.after, buf)
		d.later = append(d.later, func() {
			if v.idx == "" {
				v.bound.add(slice, "rbuf", "wbuf")
				return
			}
			v.bound.add(fmt.Sprintf("%s[8*%s:8*(%s+1)]", buf, v.idx, v.idx), "rbuf", "wbuf")
		})
		d.buf = slice
		return
	case 5:
		g.p("%s := gbuf[:8]", buf)
		g.add(buf, kBytes)
	}
	v.bound.add(slice, "rbuf")
	if g.chance(50) {
		v.bound.add(slice, "wbuf")
	}
	d.buf = slice
}

// accs are variables in which a loop gathers what it found.
type accs struct {
	g                   *gen
	sum, num, out, errs string
	fns, ptrs           string // functions and pointers that rounds leave behind
}

func (v *vector) accumulators() *accs {
	g := v.gen
	a := &accs{g: g}
	a.sum, a.num = g.own("sum"), g.own("num")
	a.out, a.errs = g.own("out"), g.own("bad")
	g.p("var %s int64\n%s := 0\nvar %s []string\nvar %s []error", a.sum, a.num, a.out, a.errs)
	g.add(a.sum, kI64)
	g.add(a.num, kNoise) // not to be changed by anything else: batches may be counted by it
	g.add(a.out, kPaths)
	g.add(a.errs, kNoise)
	v.after = append(v.after, a.sum, a.num, "len("+a.out+")", a.errs)
	if v.wild {
		a.fns, a.ptrs = g.tag("fns"), g.tag("ptrs")
		g.p("var %s []func()\nvar %s []*%s", a.fns, a.ptrs, g.typeName(kStat))
		v.posts = append(v.posts, fmt.Sprintf("for _, f := range %s {\n\tf()\n}", a.fns), fmt.Sprintf("for _, q := range %s {\n\trt.Log(\"kept\", q)\n}", a.ptrs))
	}
	return a
}

// fail is what may be done about a call that failed.
func (a *accs) fail(err string) string {
	switch a.g.IntN(5) {
	case 0:
		return a.num + "++"
	case 1:
		return fmt.Sprintf("rt.Log(%q, %s)", a.g.tag("fail"), err)
	case 2:
		a.g.need("fmt")
		return fmt.Sprintf("%s = append(%s, fmt.Errorf(\"%s: %%w\", %s))", a.errs, a.errs, a.g.tag("f"), err)
	}
	return fmt.Sprintf("%s = append(%s, %s)", a.errs, a.errs, err)
}

// body writes what is done in each round: gather, calls, consume, and
// something out of the ordinary at any place.
func (v *vector) body(d *dests, acc *accs) {
	g := v.gen
	for _, s := range d.inside {
		g.p("%s", s)
	}
	for _, f := range d.later {
		f()
	}
	hazard := -1
	if v.wild {
		hazard = g.IntN(4)
	}
	odd := func(place int) {
		if hazard == place {
			v.hazard(d, acc)
		}
	}
	odd(0)
	if g.chance(50) {
		v.gather()
	}
	n := []int{1, 1, 1, 2, 2, 3}[g.IntN(6)]
	for i := range n {
		if i > 0 {
			odd(1)
			if g.chance(15) {
				v.gather()
			}
		}
		v.round(acc)
	}
	odd(2)
	for g.chance(55) {
		v.consume(d, acc)
	}
	odd(3)
	if g.inLoops() == 1 && g.chance(5) {
		g.vector()
	}
}

// round writes one call, or a few that belong together.
func (v *vector) round(acc *accs) {
	g := v.gen
	switch n := g.IntN(100); {
	case n < 18 && !v.fdOf() && v.elem != "":
		v.opened(acc)
	case n < 24:
		cond := g.hostCond(g.chance(20))
		g.p("if %s {", cond)
		g.block(func() { v.call(acc) })
		g.p("}")
	case n < 30:
		g.p("if err := retried(func() error { return %s }); err != nil {\n\t%s\n}", v.simple(), acc.fail("err"))
	case n < 33:
		// As long as it is interrupted.
		g.p("for {\n\terr := %s\n\tif err == %s.EINTR {\n\t\tcontinue\n\t}\n\tif err != nil {\n\t\t%s\n\t}\n\tbreak\n}", v.simple(), g.u, acc.fail("err"))
	default:
		v.call(acc)
	}
}

// call writes a call with the round's path or descriptor.
func (v *vector) call(acc *accs) {
	g := v.gen
	switch n := g.IntN(100); {
	case n < 40:
		if v.fdOf() {
			g.stepWith("fd", "fdu")
		} else {
			g.stepWith("path", "new")
		}
	case n < 60:
		g.p("if err := %s; err != nil {\n\t%s\n}", v.simple(), acc.fail("err"))
	case n < 75:
		g.p("if err := %s; err != nil {", v.simple())
		g.push()
		g.add("err", kErr)
		g.depth++
		if g.chance(40) {
			g.p("%s", acc.fail("err"))
		}
		g.leave("err")
		g.depth--
		g.pop()
		g.p("}")
	case n < 82:
		if v.idx != "" {
			g.st("gerrs[%s&1] = %s", v.idx, v.simple())
			return
		}
		g.st("gerr = %s", v.simple())
	case n < 85:
		g.st("%s = append(%s, %s)", acc.errs, acc.errs, v.simple())
	case n < 91:
		g.st("_ = %s", v.simple())
	default:
		// In a block: err may be declared already.
		g.p("{")
		g.depth++
		g.push()
		g.hide("err")
		g.p("err := %s\n%s = append(%s, err)\nif err != nil {", v.simple(), acc.errs, acc.errs)
		g.depth++
		if n := len(g.fn.loops); n > 0 && !g.fn.loops[n-1].isSwitch {
			g.st("continue")
		} else {
			g.p("%s", acc.fail("err"))
		}
		g.depth--
		g.p("}")
		g.pop()
		g.depth--
		g.p("}")
	}
}

// simple is a call of the kind that loops are about; it returns an error.
func (v *vector) simple() string {
	stat := v.chance(45) // most real loops of this kind look at files
	for range 400 {
		c := v.spec()
		if c.result != "e" || stat && !slices.Contains(c.args, "stat") {
			continue
		}
		for _, a := range c.args {
			if v.fdOf() && a == "fd" || !v.fdOf() && (a == "path" || a == "new") {
				return v.gen.call(c)
			}
		}
	}
	return v.u + ".Access(\"a\", 0)"
}

// opened writes a file's opening, what is done with it, and its closing.
func (v *vector) opened(acc *accs) {
	g := v.gen
	flags := g.oneOf("O_RDONLY|", "O_RDWR|", "O_WRONLY|", "O_RDWR|"+g.u+".O_CREAT|", "O_RDONLY|"+g.u+".O_DIRECTORY|") + g.u + ".O_NONBLOCK"
	elem, u := v.elem, g.u
	fd := g.own("fd")
	open := fmt.Sprintf("%s.Open(%s, %s.%s, 0o644)", u, elem, u, flags)
	if g.chance(50) {
		open = fmt.Sprintf("%s.Openat(%s.AT_FDCWD, %s, %s.%s, 0o644)", u, u, elem, u, flags)
	}
	g.p("{")
	g.depth++
	g.push()
	g.hide("err")
	g.p("%s, err := %s", fd, open)
	g.add(fd, kFd)
	g.add("err", kErr)
	g.p("if err != nil {")
	g.depth++
	g.p("%s", acc.fail("err"))
	if g.chance(85) {
		g.leave("err")
	}
	g.depth--
	g.p("}")
	deferred := g.chance(8)
	if deferred {
		g.st("defer %s.Close(%s)", u, fd)
	}
	old := g.bound
	g.bound = &bound{of: map[string][]string{"fd": {fd}, "fdu": {"uintptr(" + fd + ")"}, "stat": old.of["stat"], "rbuf": old.of["rbuf"], "wbuf": old.of["wbuf"]}, tame: old.tame}
	for range g.IntN(3) {
		g.stepWith("fd")
	}
	g.bound = old
	switch n := g.IntN(10); {
	case deferred:
	case n < 4:
		g.st("%s.Close(%s)", u, fd)
	case n < 6:
		g.st("_ = %s.Close(%s)", u, fd)
	case n < 9:
		g.p("if err := %s.Close(%s); err != nil {\n\t%s\n}", u, fd, acc.fail("err"))
	}
	g.pop()
	g.depth--
	g.p("}")
}

// gather writes code that a later call's arguments are made of.
func (v *vector) gather() {
	g := v.gen
	k := []kind{kStr, kStr, kStr, kU32, kI64, kInt}[g.IntN(6)]
	if v.fdOf() && k == kStr {
		k = kFd
	}
	var value string
	switch {
	case k == kFd && v.elem != "":
		value = g.oneOf(v.elem, "int("+v.elem+")", "max("+v.elem+", -1)")
	default:
		value = g.calc(k, false)
	}
	name := g.own(g.oneOf("q", "full", "w", "k"))
	g.p("%s := %s", name, value)
	g.add(name, k)
	switch k {
	case kStr:
		v.bound.add(name, "path", "path", "new", "text")
	case kFd:
		v.bound.add(name, "fd", "fd")
	case kU32:
		v.bound.add(name, "mode", "mode")
	case kI64:
		v.bound.add(name, "off", "off", "len64")
	case kInt:
		v.bound.add("int64("+name+")", "off")
	}
}

// consume writes what is done with results, as long as nobody sees when.
func (v *vector) consume(d *dests, acc *accs) {
	g := v.gen
	elem := v.elem
	if elem == "" || v.fdOf() {
		elem = `"x"`
	}
	switch g.IntN(13) {
	case 0, 1, 2:
		if d.stat != "" {
			g.st("%s += %s.Size", acc.sum, d.stat)
		}
	case 3:
		g.st("%s++", acc.num)
	case 4:
		if d.stat != "" {
			g.p("if %s.Size > 20 {\n\t%s++\n}", d.stat, acc.num)
		}
	case 5:
		g.st("%s = append(%s, %s)", acc.out, acc.out, elem)
	case 6:
		if d.stat != "" {
			g.st("%s = max(%s, %s.Size)", acc.sum, acc.sum, d.stat)
		}
	case 7:
		if d.buf != "" {
			g.st("%s = %s*31 + int(%s[0])", acc.num, acc.num, strings.TrimSuffix(d.buf, "[:]"))
		}
	case 8:
		if v.idx != "" {
			g.st("%s += int64(%s)", acc.sum, v.idx)
		}
	case 9:
		if d.buf != "" {
			g.st("%s = append(%s, string(%s[:1]))", acc.out, acc.out, strings.TrimSuffix(d.buf, "[:]"))
		}
	case 10:
		if d.stat != "" {
			g.p("switch %s.Mode & %s.S_IFMT {\ncase %s.S_IFDIR:\n\t%s++\ncase %s.S_IFLNK:\n\t%s += 2\n}", d.stat, g.u, g.u, acc.num, g.u, acc.num)
		}
	case 11:
		g.st("%s ^= len(%s)", acc.num, elem)
	case 12:
		if d.stat != "" {
			g.p("for k := range int(%s.Size & 3) {\n\t%s += int64(k)\n}", d.stat, acc.sum)
		}
	}
}
