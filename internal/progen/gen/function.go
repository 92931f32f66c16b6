// SPDX-License-Identifier: BSD-3-Clause

package gen

import (
	"fmt"
	"strings"
)

// function is a generated function that Program calls.
type function struct {
	name    string
	params  []kind
	results int
	method  bool
	generic bool
}

var paramKinds = []kind{kFd, kFd, kStr, kStr, kStatP, kBoxP, kInt, kBytes, kI64, kSock, kErrP, kPaths, kPaths, kBox, kStatSl, kConfP, kConfP, kBool, kFds}

// resultForms are result lists: kinds, names ("" for none).
var resultForms = []struct {
	kinds []kind
	names []string
}{
	{nil, nil},
	{[]kind{kErr}, nil},
	{[]kind{kErr}, nil},
	{[]kind{kErr}, []string{"err"}},
	{[]kind{kInt, kErr}, nil},
	{[]kind{kInt, kErr}, []string{"n", "err"}},
	{[]kind{kStat, kErr}, []string{"st", "err"}},
	{[]kind{kBool}, nil},
	{[]kind{kErr, kErr}, []string{"e1", "e2"}},
}

// function writes one function with calls.
func (g *gen) function(i int) {
	f := &function{name: fmt.Sprint("f", i), method: g.chance(20)}
	f.generic = !f.method && g.chance(12)
	form := resultForms[g.IntN(len(resultForms))]
	g.fn = &fn{results: form.kinds, named: form.names, deferOK: true}
	g.calls = 6 + g.IntN(14)
	g.depth = 0

	g.push()
	var params []string
	recv, tparams := "", ""
	if f.method {
		if g.chance(70) {
			recv = "(b *box) "
			g.add("b", kBoxP)
		} else {
			recv = "(b box) "
			g.add("b", kBox)
		}
	}
	if f.generic {
		tparams = "[T ~string]"
		params = append(params, "tp T")
		v := g.add("tp", kStr)
		v.text, v.fixed = "string(tp)", true
	}
	for j := range 2 + g.IntN(4) {
		k := paramKinds[g.IntN(len(paramKinds))]
		name := fmt.Sprint([]string{"p", "q", "arg", "x"}[g.IntN(4)], j)
		if g.chance(10) {
			if t := g.oneOf("a", "ops", "arena", "batch"); g.here(t) == nil && t != g.u {
				name = t
			}
		}
		g.add(name, k)
		f.params = append(f.params, k)
		params = append(params, name+" "+g.typeName(k))
	}
	var results []string
	for j, k := range form.kinds {
		t := g.typeName(k)
		if form.names != nil {
			v := g.add(form.names[j], k)
			v.result = true
			t = form.names[j] + " " + t
		}
		results = append(results, t)
	}
	f.results = len(results)
	g.comment()
	g.p("func %s%s%s(%s) (%s) {", recv, f.name, tparams, strings.Join(params, ", "), strings.Join(results, ", "))
	g.depth = 1
	g.body(form.names)
	g.pop()
	g.depth = 0
	g.p("}\n")
	g.funcs = append(g.funcs, f)
}

// body writes a function's body; its parameters are in the innermost scope,
// which is also that of its own variables.
func (g *gen) body(named []string) {
	g.locals()
	if named != nil && g.chance(60) {
		g.st("defer func() { rt.Log(%q, %s) }()", g.tag("named"), strings.Join(named, ", "))
	}
	if g.chance(15) {
		g.p("defer func() {\n\tif r := recover(); r != nil {\n\t\trt.Log(%q, r)\n\t}\n}()", g.tag("rec"))
	}
	logs := g.chance(60)
	if logs {
		g.deferLog()
	}
	if g.chance(15) {
		g.fn.out = g.tag("out")
		g.top().noDefine = true
	}
	g.list(3 + g.IntN(4))
	if !logs && g.chance(50) {
		if v := g.pickLocal(kStat, kErr, kStr, kInt); v != nil {
			g.st("rt.Log(%q, %s)", g.tag("end"), v.text)
		}
	}
	if g.fn.out != "" && g.fn.outUsed {
		g.p("%s:", g.fn.out)
		g.st("rt.Log(%q)", g.tag("after"))
	}
	g.fn.out = ""
	g.tail()
}

// locals declares what most code works on.
func (g *gen) locals() {
	for _, k := range []kind{kStat, kStat, kErr, kBuf, kInt, kStr, kSStat, kStats, kErrs, kBox, kI64, kBytes, kPaths, kErrM, kInts, kU32, kFd, kErrSl, kStatP, kBool, kConfP, kFds} {
		if !g.chance(45) && k != kErr {
			continue
		}
		name := g.fresh(map[kind]string{kStat: "st", kErr: "err", kBuf: "buf", kInt: "n", kStr: "s", kStats: "sts", kBox: "bx", kFd: "fd"}[k] + "")
		if name == "" {
			name = g.fresh("v")
		}
		var value string
		switch k {
		case kStr:
			value = g.literal()
		case kBox:
			value = "box{fd: gfd, path: " + g.literal() + ", next: &gbox}"
		case kBytes:
			value = "make([]byte, 9)"
		case kPaths:
			value = `[]string{"a", "b", "none"}`
		case kErrM:
			value = "map[string]error{}"
		case kInts:
			value = "[4]int{gfd, 1, 2, 3}"
		case kU32:
			value = "uint32(0o640)"
		case kFd:
			value = "gfd"
		case kErrSl:
			value = "make([]error, 2)"
		case kStatP:
			value = "new(" + g.typeName(kStat) + ")"
			if v := g.pick(kStat); v != nil {
				value = "&" + v.text
			}
		case kInt:
			value = g.oneOf("0", "1", "2")
		case kI64:
			value = "int64(4)"
		case kConfP:
			value = "&gconf"
		case kFds:
			value = "[]int{gfd, gbox.fd}"
		}
		g.add(name, k)
		if value == "" {
			g.st("var %s %s", name, g.typeName(k))
		} else {
			g.st("%s := %s", name, value)
		}
	}
}

// deferLog shows all variables when the function ends.
func (g *gen) deferLog() {
	var all []string
	for _, v := range g.visible(kInt, kI64, kStr, kBytes, kStat, kSStat, kErr, kErrSl, kBool, kStatP) {
		if !v.global && v.kind != kNoise {
			all = append(all, v.text)
		}
	}
	if len(all) > 0 {
		g.st("defer func() { rt.Log(%q, %s) }()", g.tag("all"), strings.Join(all, ", "))
	}
}

// tail ends a function: with a call in the return statement where that fits.
func (g *gen) tail() {
	r := g.fn.results
	for range 6 {
		c := g.spec()
		switch {
		case len(r) == 1 && r[0] == kErr && c.result == "e":
			if g.chance(20) {
				g.st("return wrap(%s)", g.call(c))
			} else {
				g.st("return %s", g.call(c))
			}
			return
		case len(r) == 2 && r[0] == kInt && r[1] == kErr && (c.result == "ne"):
			g.st("return %s", g.call(c))
			return
		case len(r) == 1 && r[0] == kBool && c.result == "e":
			g.st("return %s == nil", g.call(c))
			return
		case len(r) == 2 && r[0] == kErr && c.result == "e":
			g.st("return %s, %s", g.call(c), g.oneOf("nil", "gerr"))
			return
		case len(r) == 2 && r[0] == kStat && g.bare():
			g.st("return")
			return
		}
	}
	g.ret("err")
}

// program writes the function that calls the others.
func (g *gen) program() {
	g.p("// Program does everything.\nfunc Program() {")
	g.depth = 1
	g.fn = &fn{deferOK: true}
	g.push()
	if g.chance(3) {
		g.st("rt.Crash()")
	}
	g.calls = 4
	g.p("fd, err := %s.Open(\"a\", %s.O_RDWR|%s.O_NONBLOCK, 0)\nfd2, err2 := %s.Open(rt.Path(\"c\"), %s.O_RDWR|%s.O_NONBLOCK, 0)\nrt.Log(\"open\", err, err2)", g.u, g.u, g.u, g.u, g.u, g.u)
	g.p("gfd, gbox.fd, gbox.path, gbox.next = fd, fd2, \"b\", &box{fd: fd, path: \"c\"}")
	g.p("var pair [2]int\nif pair, err = %s.Socketpair(%s.AF_UNIX, %s.SOCK_STREAM|%s.SOCK_NONBLOCK, 0); err != nil {\n\trt.Log(\"pair\", err)\n}\nsock := pair[0]", g.u, g.u, g.u, g.u)
	g.p("var st %s\nbx := box{fd: fd2, path: \"b\", next: &gbox}\nsts := make([]%s, 3)\nbytes := []byte(\"bytes of a slice\")\npaths := []string{\"a\", \"none\", \"d/x\"}", g.typeName(kStat), g.typeName(kStat))
	for _, v := range []struct {
		name string
		k    kind
	}{{"fd", kFd}, {"fd2", kFd}, {"err", kErr}, {"err2", kErr}, {"sock", kSock}, {"st", kStat}, {"bx", kBox}, {"sts", kStatSl}, {"bytes", kBytes}, {"paths", kPaths}} {
		g.add(v.name, v.k)
	}
	g.p("_, _, _, _, _, _ = sock, st, bx, sts, bytes, paths")
	for i := range 2*len(g.funcs) + 1 {
		if i > 0 && g.chance(40) {
			g.p("if gfd, err = %s.Open(%q, %s.O_RDWR|%s.O_NONBLOCK, 0); err == nil {\n\tfd = gfd\n}", g.u, g.oneOf("a", "b", "c"), g.u, g.u)
		}
		f := g.funcs[g.IntN(len(g.funcs))]
		if len(g.funcs) > 0 && g.chance(70) {
			f = g.funcs[0]
			g.funcs = append(g.funcs[1:], f)
		}
		g.invoke(f)
	}
	if g.chance(30) {
		g.p("rt.Try(\"inline\", func() {")
		leave := g.enter()
		g.calls = 6
		g.block(func() { g.list(2) })
		leave()
		g.p("})")
	}
	g.st("rt.Log(\"globals\", gpath, gn, goff, gerr, gerrs[:], gst, gsys, gbuf, gbox.err, gbox.errs[:], gbox.st, gbox.n, gbox.off)")
	g.st("rt.Log(\"locals\", err, err2, st, bx.st, bx.lst, bx.err, bx.errs[:], bx.n, bx.off, sts, bytes)")
	g.pop()
	g.depth = 0
	g.p("}")
}

// invoke writes a call of a generated function.
func (g *gen) invoke(f *function) {
	var args []string
	if f.generic {
		args = append(args, g.literal())
	}
	for _, k := range f.params {
		switch k {
		case kFd:
			args = append(args, g.oneOf("fd", "fd2", "fd", "gfd", "-1"))
		case kSock:
			args = append(args, g.oneOf("sock", "sock", "pair[1]"))
		case kStr:
			args = append(args, g.oneOf(g.literal(), g.literal(), "gpath", `rt.Path("b")`))
		case kStatP:
			args = append(args, g.oneOf("&st", "&st", "&bx.st", "&gst", "&sts[1]", "&gbox.st", "&st", "&bx.lst", "&bx.st", "&st", "nil"))
		case kBoxP:
			args = append(args, g.oneOf("&bx", "&bx", "&gbox", "&box{fd: fd, path: \"d/x\", next: &bx}", "&bx", "&gbox", "&bx", "&gbox", "&bx", "nil"))
		case kBox:
			args = append(args, "bx")
		case kInt:
			args = append(args, g.oneOf("0", "1", "2", "5", "-1"))
		case kI64:
			args = append(args, g.oneOf("0", "6", "goff"))
		case kBytes:
			args = append(args, g.oneOf("bytes", "bytes[3:9]", "gbuf", "nil", "gbox.buf[:]"))
		case kErrP:
			args = append(args, g.oneOf("&err", "&err2", "&gerr", "new(error)", "&bx.err"))
		case kPaths:
			n := g.trip()
			args = append(args, g.oneOf("paths", "paths[:2]", fmt.Sprintf("util.Names(%d)", n), fmt.Sprintf("util.Mixed(%d, %d)", n, n/2), "nil"))
		case kStatSl:
			args = append(args, g.oneOf("sts", "sts[:2]", fmt.Sprintf("make([]%s, %d)", g.typeName(kStat), g.trip())))
		case kFds:
			args = append(args, g.oneOf(fmt.Sprintf("util.Ints(%d, fd, fd2)", g.trip()), fmt.Sprintf("util.Ints(%d, fd, fd2, -1, fd)", g.trip()), "[]int{fd, fd2}"))
		case kConfP:
			args = append(args, g.oneOf("&gconf", "&gconf", "gconf.Next", `&util.Conf{NoDelay: true, N: 3, Names: []string{"b", "c"}, Next: &gconf}`, "&util.Conf{Sync: true, Size: 9}", "&gconf", "&gconf", "nil"))
		case kBool:
			args = append(args, g.oneOf("true", "false", "gbool", "gn == 2"))
		}
	}
	call := f.name + "(" + strings.Join(args, ", ") + ")"
	if f.method {
		call = g.oneOf("bx.", "gbox.", "bx.") + call
	}
	if g.chance(50) {
		g.st("gn, gi, goff, gpath, gbool = 2, 1, 3, %s, %s", g.literal(), g.oneOf("true", "false"))
	}
	g.p("rt.Try(%q, func() {", g.tag(f.name+"-"))
	g.depth++
	switch f.results {
	case 0:
		g.p("%s", call)
	case 1:
		g.p("rt.Log(\"result\", %s)", call)
	default:
		g.p("x, y := %s\nrt.Log(\"result\", x, y)", call)
	}
	g.depth--
	g.p("})")
}
