// SPDX-License-Identifier: BSD-3-Clause

package gen

import "fmt"

// enter begins a function literal: another function as far as returns, jumps
// and defers go. It returns what ends it.
func (g *gen) enter(results ...kind) func() {
	old := g.fn
	g.fn = &fn{results: results, deferOK: true}
	return func() { g.fn = old }
}

// literalBody writes a function literal that is called at once.
func (g *gen) literalBody() {
	if g.chance(50) || g.top().noDefine {
		g.p("func() {")
		leave := g.enter()
		g.block(func() {
			if g.chance(30) {
				g.st("defer func() { rt.Log(%q, recover()) }()", g.tag("rec"))
			}
			g.list(2)
		})
		leave()
		g.p("}()")
		return
	}
	name := g.fresh("f")
	g.add(name, kNoise)
	g.p("%s := func(p string, fd int) error {", name)
	leave := g.enter(kErr)
	g.block(func() {
		g.add("p", kStr)
		g.add("fd", kFd)
		g.list(2)
		g.tail()
	})
	leave()
	g.p("}")
	g.st("rt.Log(%q, %s(%s, %s))", g.tag("lit"), name, g.str(), g.fd())
}

// closure declares a function that changes captured variables.
func (g *gen) closure() {
	if g.top().noDefine {
		return
	}
	body := []string{}
	if v := g.assignable(kErr); v != nil {
		body = append(body, fmt.Sprintf("rt.Log(%q, %s)", g.tag("cl"), v.name), v.name+" = nil")
	}
	if v := g.assignable(kStr); v != nil {
		body = append(body, fmt.Sprintf("%s = %s", v.name, g.literal()))
	}
	if v := g.assignable(kInt); v != nil {
		body = append(body, v.name+"++")
	}
	name := g.fresh("set")
	g.add(name, kFn)
	g.p("%s := func() {", name)
	g.depth++
	for _, s := range body {
		g.st("%s", s)
	}
	g.depth--
	g.p("}")
	if g.chance(40) && g.fn.deferOK && len(g.fn.loops) == 0 {
		g.st("defer %s()", name)
	} else if g.chance(50) {
		g.st("%s()", name)
	}
	g.st("_ = %s", name)
}

// retry writes a loop that makes a call again while it is interrupted.
func (g *gen) retry() {
	c := g.spec()
	for c.result != "e" {
		c = g.spec()
	}
	g.push()
	defer g.pop()
	g.p("for try := 0; try < 4; try++ {")
	g.add("try", kInt).fixed = true
	g.block(func() {
		call := g.call(c)
		g.p("err := %s\nif err == %s.EINTR {\n\tcontinue\n}\nrt.Log(%q, err)\nbreak", call, g.u, g.tag("try"))
	})
	g.p("}")
}

// chain writes calls that need each other's results.
func (g *gen) chain() {
	g.calls -= 4
	name := g.literal()
	size := g.oneOf("8", "st.Size", "3")
	g.p("{")
	g.block(func() {
		g.add("st", kStat)
		g.add("fd", kFd)
		g.add("err", kErr)
		g.p("var st %s", g.typeName(kStat))
		switch g.IntN(4) {
		case 0:
			g.p("fd, err := %s.Open(%s, %s.O_RDWR|%s.O_NONBLOCK, 0)\nif err != nil {", g.u, name, g.u, g.u)
			g.handler("err")
			g.p("}")
			g.p("if err := %s.Fstat(fd, &st); err != nil {", g.u)
			g.handler("err")
			g.p("}")
			g.p("n, err := %s.Pread(fd, gbuf, 0)\nrt.Log(%q, n, err, st)", g.u, g.tag("chain"))
			g.st("_ = %s.Close(fd)", g.u)
		case 1:
			g.p("fd, err := %s.Open(%s, %s.O_RDONLY|%s.O_NONBLOCK, 0)\nif err == nil {\n\tdefer %s.Close(fd)\n}", g.u, name, g.u, g.u, g.u)
			g.p("if err = %s.Fstat(fd, &st); err != nil {", g.u)
			g.handler("err")
			g.p("}")
			g.st("rt.Log(%q, %s.Ftruncate(fd, %s), %s.Fchmod(fd, st.Mode&0o777))", g.tag("chain"), g.u, size, g.u)
		case 2:
			g.p("err := %s.Lstat(%s, &st)\nif err == nil {\n\terr = %s.Truncate(%s, %s)\n}", g.u, name, g.u, name, size)
			g.p("fd, err2 := %s.Dup(gfd)\nrt.Log(%q, err, err2, st, fd > 2)", g.u, g.tag("chain"))
			g.st("%s.Close(fd)", g.u)
		case 3:
			g.p("fd, err := %s.Openat(%s.AT_FDCWD, %s, %s.O_RDWR|%s.O_CREAT|%s.O_NONBLOCK, 0o600)", g.u, g.u, name, g.u, g.u, g.u)
			g.p("if err == nil {\n\t_, err = %s.Write(fd, []byte(\"chained\"))\n}", g.u)
			g.p("if err == nil {\n\t_, err = %s.Seek(fd, 0, 0)\n}", g.u)
			g.p("if err == nil {\n\t_, err = %s.Read(fd, gbuf[:5])\n}", g.u)
			g.p("err2 := %s.Fstat(fd, &st)\nerr3 := %s.Close(fd)\nrt.Log(%q, err, err2, err3, st, gbuf)", g.u, g.u, g.tag("chain"))
		}
	})
	g.p("}")
}

// hidden writes calls where names of basic types mean something else.
func (g *gen) hidden() {
	g.calls -= 3
	a, b := g.literal(), g.literal()
	g.p("{")
	g.depth++
	switch g.IntN(6) {
	case 0:
		g.p("type error = int\nvar e error\n_ = e")
	case 1:
		g.p("int, uintptr := 1, 2\n_, _ = int, uintptr")
	case 2:
		g.p("batchrt, ops, arena := 1, 2, 3\n_, _, _ = batchrt, ops, arena")
	case 3:
		g.p("string := \"s\"\n_ = string")
	case 4:
		g.p("nil := 0\n_ = nil")
	case 5:
		g.p("type int64 string\nvar x int64\n_ = x")
	}
	if g.u == "ops" || g.u == "batchrt" {
		// Then case 2 hides the package: leave the block first.
		g.depth--
		g.p("}\n{")
		g.depth++
	}
	g.p("%s.Unlink(%s)", g.u, a)
	g.p("if err := %s.Chmod(%s, 0o611); err == %s.ENOENT {\n\trt.Log(%q, err)\n}", g.u, b, g.u, g.tag("hid"))
	g.p("%s.Access(%s, 0)", g.u, a)
	g.p("_, _ = %s.Seek(gfd, 0, 0)", g.u)
	g.depth--
	g.p("}")
}

// pipe writes calls on a pipe, sometimes with another goroutine at the other end.
func (g *gen) pipe() {
	g.calls -= 5
	g.p("{")
	g.depth++
	g.p("var fds [2]int")
	if g.chance(50) {
		// Both ends here, never blocking.
		g.p("rt.Log(%q, %s.Pipe2(fds[:], %s.O_NONBLOCK))", g.tag("pipe"), g.u, g.u)
		g.p("n, err := %s.Write(fds[1], []byte(\"through\"))", g.u)
		g.p("m, err2 := %s.Read(fds[0], gbuf[:4])", g.u)
		g.p("rt.Log(%q, n, err, m, err2, gbuf)", g.tag("pipe"))
		g.p("if err := %s.Close(fds[1]); err != nil {\n\trt.Log(%q, err)\n}", g.u, g.tag("pipe"))
		g.p("m, err2 = %s.Read(fds[0], gbuf[:])\n_ = %s.Close(fds[0])\nrt.Log(%q, m, err2, gbuf)", g.u, g.u, g.tag("pipe"))
	} else {
		// The reader waits for the writer; CloseRange is never made to fail, so it ends.
		g.p("if err := %s.Pipe2(fds[:], 0); err == nil {", g.u)
		g.depth++
		g.p("got := make([]byte, 32)\nn := 0\nvar rerr error")
		g.p("wait := rt.Go(func() {\n\tfor {\n\t\tm, err := %s.Read(fds[0], got[n:n+1])\n\t\tif err != nil || m == 0 {\n\t\t\trerr = err\n\t\t\treturn\n\t\t}\n\t\tn += m\n\t}\n})", g.u)
		g.p("k, err := %s.Write(fds[1], []byte(\"one\"))", g.u)
		g.p("if err != nil {\n\trt.Log(%q, err)\n}", g.tag("pipe"))
		g.p("if _, err := %s.Write(fds[1], gbuf[:2]); err != nil {\n\trt.Log(%q, err)\n}", g.u, g.tag("pipe"))
		g.p("%s.CloseRange(uint(fds[1]), uint(fds[1]), 0)\nwait()", g.u)
		g.p("if rerr == nil {\n\trt.Log(%q, k, string(got[:n]))\n}", g.tag("pipe"))
		g.depth--
		g.p("}")
	}
	g.depth--
	g.p("}")
}
