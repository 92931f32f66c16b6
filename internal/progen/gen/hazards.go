// SPDX-License-Identifier: BSD-3-Clause

package gen

import "fmt"

// hazard writes one thing into a loop's body that a rewriter has to mind:
// what ends the loop early, panics in some round, is seen, changes what later
// rounds are given, or keeps something of a round.
func (v *vector) hazard(d *dests, acc *accs) {
	switch v.gen.IntN(4) {
	case 0:
		v.ends(d)
	case 1:
		v.panicking(acc)
	case 2:
		v.carried(d, acc)
	case 3:
		v.seen(d, acc)
	}
}

// round k is chosen to be at, before and behind the end of a batch.
func (v *vector) at() int { return []int{0, 1, 2, 14, 15, 16, 17, 31, 32}[v.gen.IntN(9)] }

// ends writes an exit that depends on the round or on what a call found.
func (v *vector) ends(d *dests) {
	g := v.gen
	cond := g.wildCond()
	switch n := g.IntN(10); {
	case n < 3 && d.stat != "":
		cond = d.stat + g.oneOf(".Size == 0", ".Size > 30", ".Nlink == 2", ".Mode&0o111 != 0")
	case n < 6 && v.idx != "":
		cond = fmt.Sprintf("%s == %d", v.idx, v.at())
	case n < 7 && v.elem != "" && !v.fdOf():
		cond = v.elem + g.oneOf(` == "c"`, ` > "e"`, "[:1] == \"n\"")
	case n < 8 && d.buf != "":
		cond = d.buf[:len(d.buf)-len("[:]")] + "[0] == 'b'"
	}
	g.p("if %s {", cond)
	g.block(func() {
		if g.chance(30) {
			g.st("rt.Log(%q)", g.tag("ends"))
		}
		g.leave("")
	})
	g.p("}")
}

// panicking writes something that panics in some round, or might.
func (v *vector) panicking(acc *accs) {
	g := v.gen
	i, k := v.idx, v.at()
	if i == "" {
		i = acc.num
	}
	switch g.IntN(12) {
	case 0:
		g.st("%s += 100 / (%d - %s)", acc.num, k, i)
	case 1:
		g.st("%s = append(%s, util.Names(%d)[%s])", acc.out, acc.out, k, i)
	case 2:
		g.p("if %s == %d {\n\tpanic(%q)\n}", i, k, g.tag("round"))
	case 3:
		name := g.own("q")
		g.p("%s := boxps(40, %d)[max(%s, 0)%%40].path", name, k, i)
		g.add(name, kStr)
		v.bound.add(name, "path", "new")
	case 4:
		name := g.own("q")
		g.p("%s := [...]any{\"a\", \"b\", 3, \"c\"}[%s&3].(string)", name, i)
		g.add(name, kStr)
		v.bound.add(name, "path", "new")
	case 5:
		g.st("%s = append(%s, %s)", acc.out, acc.out, g.oneOf(fmt.Sprintf("\"abcdefghijklmnop\"[%s:]", i), fmt.Sprintf("gstatic[:][%s]", i)))
	case 6:
		g.p("%s += len(make([]byte, %d-%s))", acc.num, k, i)
	case 7:
		g.p("%s += 1 << (%d - %s)", acc.num, k, i)
	case 8:
		g.p("var none map[string]int\nif %s == %d {\n\tnone[\"a\"]++\n}", i, k)
	case 9:
		name := g.own("q")
		g.p("%s := at(util.Names(%d), %s)", name, k, i)
		g.add(name, kStr)
		v.bound.add(name, "path", "new")
	case 10:
		g.p("var f func() string\nif %s != %d {\n\tf = func() string { return \"a\" }\n}\n%s = append(%s, f())", i, k, acc.out, acc.out)
	case 11:
		g.p("func() {\n\tdefer func() {\n\t\tif recover() != nil {\n\t\t\t%s++\n\t\t}\n\t}()\n\t%s += 10 / (%d - %s)\n}()", acc.num, acc.num, k, i)
	}
}

// carried writes something by which a round depends on an earlier one.
func (v *vector) carried(d *dests, acc *accs) {
	g := v.gen
	l := v.list
	k := g.IntN(15)
	if l != "" && v.kind == kStr && !v.array && g.chance(40) {
		k = 1 + g.IntN(3) // few loops have a list that can change
	}
	switch k {
	case 0:
		if v.item != "" && v.kind == kStr && !v.fdOf() {
			g.st("%s = %s", v.item, g.oneOf(`"b"`, v.item+` + ""`, "gpath"))
			return
		}
		fallthrough
	case 1:
		if l != "" && v.kind == kStr {
			g.st("%s[len(%s)-1] = %s", l, l, g.oneOf(`"none"`, `"b"`))
			return
		}
		fallthrough
	case 2:
		if l != "" && v.kind == kStr && !v.array {
			g.p("if len(%s) > 1 {\n\t%s = %s[:len(%s)-1]\n}", l, l, l, l)
			return
		}
		fallthrough
	case 3:
		if l != "" && v.kind == kStr && !v.array {
			g.p("if len(%s) < 20 {\n\t%s = append(%s, %s)\n}", l, l, l, g.literal())
			return
		}
		fallthrough
	case 4:
		if v.steps {
			g.p("if %s == %d {\n\t%s++\n}", v.idx, v.at(), v.idx)
			return
		}
		fallthrough
	case 5:
		// The round before it names the file.
		g.st("gpath = %s", g.str())
		v.bound.add("gpath", "path", "path", "path")
	case 6:
		if d.stat != "" {
			g.st("goff = %s.Size", d.stat)
		} else {
			g.st("goff += 2")
		}
		v.bound.add("goff", "off", "off", "off")
	case 7:
		// What one call writes is the next one's path.
		n := g.own("n")
		g.p("%s, _ := %s.Readlink(%s, gbuf)\nif %s > 0 {\n\tgpath = \"./\" + string(gbuf[:%s])\n}", n, g.u, g.oneOf(`"l"`, `"m"`, "gpath"), n, n)
		v.bound.add("gpath", "path", "path")
	case 8, 14:
		// The next folder lies in this one.
		g.p("if dir, err := %s.Openat(gfd, %q, %s.O_RDONLY|%s.O_NONBLOCK, 0); err == nil {\n\tgfd = dir\n}", g.u, g.oneOf("d", ".", "x"), g.u, g.u)
		v.bound.add("gfd", "at", "fd")
	case 9:
		g.st("%s", g.oneOf("gn++", "gi ^= 1", "gbool = !gbool", "goff++"))
	case 10:
		if v.item != "" && (v.kind == kStr || v.kind == kFd) {
			q := g.own("q")
			g.p("%s := &%s", q, v.item)
			g.add(q, kNoise)
			v.bound.add("*"+q, map[bool]string{true: "fd", false: "path"}[v.fdOf()])
			if g.chance(50) {
				g.st("gany = %s\ngany = 1", q)
			}
		}
	case 11:
		g.st("gbox.path, gbox.fd = \"c\", gfd")
	case 12:
		g.p("if %s > 3 {\n\tgbuf[0] = 'c'\n}", acc.num)
	case 13:
		g.st("gmap[\"a\"] = %s", g.literal())
	}
}

// seen writes something that others see, or that is kept of a round.
func (v *vector) seen(d *dests, acc *accs) {
	g := v.gen
	what := `"x"`
	if v.elem != "" {
		what = v.elem
	}
	switch g.IntN(17) {
	case 0:
		g.st("rt.Print(%q, %s)", g.tag("round"), what)
	case 1:
		g.st("rt.Log(%q, %s)", g.tag("round"), what)
	case 2:
		g.between()
	case 3, 4:
		// Called when the function ends: loop variables are captured.
		if d.stat != "" && g.chance(50) {
			what = d.stat
		}
		g.st("defer func() { rt.Log(%q, %s) }()", g.tag("defer"), what)
	case 5:
		f := g.own("f")
		g.p("%s := func() string { %s++; return %q }", f, acc.num, "a")
		g.add(f, kNoise)
		v.bound.add(f+"()", "path")
	case 6:
		g.locked()
	case 7:
		g.p("gchan <- 1\n%s += <-gchan", acc.num)
	case 8:
		g.p("rt.Go(func() { gn++ })()")
	case 9:
		g.need("runtime")
		g.st("runtime.Gosched()")
	case 10:
		if d.stat != "" {
			g.p("if gp := %s; gp.Size > 0 {\n\tgp.Size++\n}", d.addr())
		}
	case 11:
		g.p("for range %d {", []int{0, 1, 2, 17}[g.IntN(4)])
		g.block(func() {
			g.fn.loops = append(g.fn.loops, &loop{label: g.tag("N"), isSwitch: true})
			v.call(acc)
			g.fn.loops = g.fn.loops[:len(g.fn.loops)-1]
		})
		g.p("}")
	case 12:
		g.p("%s = append(%s, util.Say(%q))", acc.out, acc.out, g.tag("heard"))
	case 13, 14:
		// Called behind the loop: each round has variables of its own.
		if d.stat != "" && g.chance(60) {
			what = d.stat
		}
		if v.idx != "" {
			what += ", " + v.idx
		}
		g.st("%s = append(%s, func() { rt.Log(%q, %s) })", acc.fns, acc.fns, g.tag("later"), what)
	case 15, 16:
		if d.stat != "" {
			g.st("%s = append(%s, %s)", acc.ptrs, acc.ptrs, d.addr())
		}
	}
}
