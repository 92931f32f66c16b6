// SPDX-License-Identifier: BSD-3-Clause

package gen

import (
	"fmt"
	"strings"
)

// Results and fields of structures that flow from one call into an argument of
// a later one: a file's size becomes a length, its mode another file's mode,
// the number of bytes read the length of what is written.

// flow writes a few calls of which later ones are given what earlier ones
// found out.
func (g *gen) flow() {
	g.calls -= 3
	g.p("{")
	g.block(func() {
		switch g.IntN(6) {
		case 0, 1:
			g.fieldFlow()
		case 2:
			g.countFlow()
		case 3:
			g.dirFlow()
		case 4, 5:
			g.openFlow()
		}
	})
	g.p("}")
}

// hide says that names of outer variables mean something else from here on;
// to be called before anything is written with what is visible.
func (g *gen) hide(names ...string) {
	for _, n := range names {
		g.add(n, kNoise)
	}
}

// errCheck is what stands after a call whose error is in err.
func (g *gen) errCheck() {
	switch n := g.IntN(10); {
	case n < 6:
		g.p("if err != nil {")
		g.handler("err")
		g.p("}")
	case n < 8:
		g.st("rt.Log(%q, err)", g.tag("flow"))
	}
}

// fieldFlow asks for a file's attributes and uses them.
func (g *gen) fieldFlow() {
	g.hide("st", "stv", "in", "sts", "j", "err")
	typ, call := g.typeName(kStat), ""
	size, mode, uid, gid := "st.Size", "st.Mode&0o777", "int(st.Uid)", "int(st.Gid)"
	fd := g.fd()
	switch g.IntN(6) {
	case 0:
		typ = g.unix("Statx_t")
		size, mode = "int64(st.Size)", "uint32(st.Mode&0o777)"
		call = fmt.Sprintf("%s.Statx(%s.AT_FDCWD, %s, 0, %s.STATX_BASIC_STATS, &st)", g.u, g.u, g.literal(), g.u)
	case 1:
		typ = g.sys("Stat_t")
		call = fmt.Sprintf("%s.Lstat(%s, &st)", g.s, g.literal())
	case 2:
		call = fmt.Sprintf("%s.Fstat(%s, &st)", g.u, fd)
	case 3:
		call = fmt.Sprintf("%s.Fstatat(%s.AT_FDCWD, %s, &st, %s.AT_SYMLINK_NOFOLLOW)", g.u, g.u, g.literal(), g.u)
	case 4:
		call = fmt.Sprintf("%s.Lstat(%s, &st)", g.u, g.aName())
	default:
		call = fmt.Sprintf("%s.Stat(%s, &st)", g.u, g.literal())
	}
	name, addr, zero := "st", "", ""
	switch g.IntN(8) {
	case 0: // through a pointer
		g.p("var stv %s\nst := &stv", typ)
		addr, zero = "st", "*st = "+typ+"{}"
	case 1: // in a structure
		g.p("var in struct {\n\tn int\n\tst %s\n}", typ)
		name, addr = "in.st", "&in.st"
	case 2: // in an array
		g.p("var sts [2]%s\nj := %s & 1", typ, g.aNumber())
		name, addr = "sts[j]", "&sts[j]"
	default:
		g.p("var st %s", typ)
		addr = "&st"
	}
	if zero == "" {
		zero = name + " = " + typ + "{}"
	}
	for _, f := range []*string{&size, &mode, &uid, &gid} {
		*f = strings.Replace(*f, "st.", name+".", 1)
	}
	call = strings.TrimSuffix(strings.Replace(call, "&st,", addr+",", 1), "&st)")
	if strings.HasSuffix(call, " ") {
		call += addr + ")"
	}
	g.p("err := %s", call)
	g.add("err", kErr)
	g.errCheck()
	if g.chance(20) {
		g.between()
	}
	if g.chance(20) {
		g.st("%s", g.oneOf(name+".Size /= 2", name+".Size++", zero, "gst.Size++"))
	}
	to := g.aName()
	uses := []string{
		fmt.Sprintf("%s.Truncate(%s, %s)", g.u, to, size),
		fmt.Sprintf("%s.Ftruncate(%s, %s/2)", g.u, fd, size),
		fmt.Sprintf("%s.Chmod(%s, %s)", g.u, to, mode),
		fmt.Sprintf("%s.Fchmod(%s, %s)", g.u, fd, mode),
		fmt.Sprintf("%s.Lchown(%s, %s, %s)", g.u, to, uid, gid),
		fmt.Sprintf("%s.Fchownat(%s.AT_FDCWD, %s, %s, -1, 0)", g.u, g.u, to, uid),
		fmt.Sprintf("%s.Fallocate(%s, 0, 0, %s)", g.u, fd, size),
		fmt.Sprintf("%s.Fadvise(%s, 0, %s, 2)", g.u, fd, size),
		fmt.Sprintf("%s.Mkdir(%s, %s)", g.u, `"n1"`, mode),
	}
	for range 1 + g.IntN(3) {
		use := uses[g.IntN(len(uses))]
		switch g.IntN(5) {
		case 0:
			g.p("err = %s", use)
			g.errCheck()
		case 1:
			g.st("_ = %s", use)
		case 2:
			g.p("if %s.Size > 9 {\n\terr = %s\n}", name, use)
		default:
			g.p("if err := %s; err != nil {", use)
			g.handler("err")
			g.p("}")
		}
	}
	g.st("rt.Log(%q, err, %s.Size)", g.tag("flow"), name)
}

// countFlow uses the number of bytes that a call moved.
func (g *gen) countFlow() {
	g.hide("buf", "n", "m", "end", "err")
	fd, to := g.fd(), g.fd()
	g.p("var buf [24]byte")
	switch g.IntN(5) {
	case 0:
		g.p("n, err := %s.Pread(%s, buf[:], 0)", g.u, fd)
		g.add("err", kErr)
		g.errCheck()
		g.p("m, err := %s.Write(%s, buf[:max(n, 0)])\nrt.Log(%q, n, m, err)", g.u, to, g.tag("flow"))
	case 1:
		g.p("n, err := %s.Readlink(\"l\", buf[:])", g.u)
		g.add("err", kErr)
		g.errCheck()
		g.p("err = %s.Chmod(string(buf[:max(n, 0)]), 0o640)\nrt.Log(%q, n, err)", g.u, g.tag("flow"))
	case 2:
		g.p("end, err := %s.Seek(%s, 0, 2)", g.u, fd)
		g.add("err", kErr)
		g.errCheck()
		g.p("err = %s.Ftruncate(%s, end/2)\nrt.Log(%q, end, err)", g.u, to, g.tag("flow"))
	case 3:
		g.p("n, err := %s.Read(%s, buf[:8])", g.u, fd)
		g.add("err", kErr)
		g.errCheck()
		g.p("n, err = %s.Pwrite(%s, buf[:8], int64(n))\nrt.Log(%q, n, err)", g.u, to, g.tag("flow"))
	case 4:
		// Both are given the buffer beforehand: only the kernel looks into it.
		g.p("n, err := %s.Pread(%s, buf[:6], 0)", g.u, fd)
		g.add("err", kErr)
		g.errCheck()
		g.p("m, err := %s.Pwrite(%s, buf[:6], 2)\nrt.Log(%q, n, m, err)", g.u, to, g.tag("flow"))
	}
}

// openFlow opens a file, works on it and closes it: a chain whose later calls are
// given the descriptor, which often nothing else reads.
func (g *gen) openFlow() {
	g.hide("fd", "again", "err")
	flags := g.u + ".O_NONBLOCK|" + g.u + "." + g.oneOf("O_RDONLY", "O_RDWR", "O_RDWR", "O_WRONLY|"+g.u+".O_CREAT")
	open := g.oneOf(fmt.Sprintf("%s.Open(%s, %s, 0o644)", g.u, g.literal(), flags), fmt.Sprintf("%s.Openat(%s.AT_FDCWD, %s, %s, 0o644)", g.u, g.u, g.aName(), flags),
		fmt.Sprintf("%s.Dup(%s)", g.u, g.fd()), fmt.Sprintf("%s.Eventfd(2, %s.EFD_NONBLOCK)", g.u, g.u))
	use := func(fd string) string {
		return g.u + "." + g.oneOf("Fstat("+fd+", &gst)", "Fchmod("+fd+", 0o640)", "Ftruncate("+fd+", 7)", "Fsync("+fd+")", "Fchown("+fd+", -1, -1)", "Flock("+fd+", "+g.u+".LOCK_SH|"+g.u+".LOCK_NB)",
			"Dup3("+fd+", 22, 0)", "Fadvise("+fd+", 0, 0, 2)", "CloseOnExec("+fd+")")
	}
	uses := func(fd string) {
		for range 1 + g.IntN(3) {
			switch u := use(fd); {
			case strings.Contains(u, "CloseOnExec"):
				g.st("%s", u)
			case g.chance(30):
				g.st("_ = %s", u)
			default:
				g.p("if err := %s; err != nil {", u)
				g.handler("err")
				g.p("}")
			}
		}
	}
	end := func(fd string) {
		switch g.IntN(4) {
		case 0:
			g.st("%s.Close(%s)", g.u, fd)
		case 1:
			g.st("rt.Log(%q, %s.Close(%s))", g.tag("flow"), g.u, fd)
		case 2:
			g.st("rt.Log(%q, %s)", g.tag("flow"), fd)
		}
	}
	switch g.IntN(5) {
	case 0: // all of it where it succeeded
		g.p("if fd, err := %s; err == nil {", open)
		g.block(func() { uses("fd"); end("fd") })
		g.p("} else {\n\trt.Log(%q, err)\n}", g.tag("flow"))
	case 1: // whatever the first call gave
		g.p("fd, _ := %s", open)
		uses("fd")
		end("fd")
	case 2: // converted on the way
		g.p("fd, err := %s", open)
		g.add("err", kErr)
		g.errCheck()
		g.p("_, err = %s.FcntlInt(uintptr(fd), %s.F_GETFD, 0)\nrt.Log(%q, err)", g.u, g.u, g.tag("flow"))
		end("fd")
	case 3: // the same variable again
		g.p("fd, err := %s", open)
		g.add("err", kErr)
		g.errCheck()
		uses("fd")
		g.p("fd, err = %s.Dup(fd)", g.u)
		g.errCheck()
		uses("fd")
		end("fd")
	default:
		g.p("fd, err := %s", open)
		g.add("err", kErr)
		if g.chance(15) { // and goes on with another one
			g.p("if err != nil {\n\tfd = gfd\n}")
		} else {
			g.errCheck()
		}
		uses("fd")
		end("fd")
		g.st("rt.Log(%q, err)", g.tag("flow"))
	}
}

// dirFlow opens a folder and works below it.
func (g *gen) dirFlow() {
	g.hide("dir", "fd", "err")
	g.p("dir, err := %s.Open(%s, %s.O_RDONLY|%s.O_DIRECTORY, 0)", g.u, g.oneOf(`"d"`, `"d"`, `"e"`, `"a"`), g.u, g.u)
	g.add("err", kErr)
	g.add("dir", kFd)
	g.errCheck()
	if g.chance(40) {
		g.p("defer %s.Close(dir)", g.u)
	}
	for range 1 + g.IntN(3) {
		use := g.oneOf("Mkdirat(dir, \"n1\", 0o755)", "Fchmodat(dir, \"x\", 0o640, 0)", "Unlinkat(dir, \"n1\", "+g.u+".AT_REMOVEDIR)", "Fchownat(dir, \"x\", -1, -1, 0)",
			"Symlinkat(\"x\", dir, \"n2\")", "Fstatat(dir, \"x\", &gst, 0)", "Faccessat(dir, \"x\", 4, 0)", "Fsync(dir)", "Fchdir(dir)")
		g.p("if err = %s.%s; err != nil {", g.u, use)
		g.handler("err")
		g.p("}")
	}
	g.p("fd, err := %s.Openat(dir, \"x\", %s.O_RDWR|%s.O_NONBLOCK, 0)", g.u, g.u, g.u)
	g.errCheck()
	g.p("err = %s.Fstat(fd, &gst)\nrt.Log(%q, err, gst)", g.u, g.tag("flow"))
	g.st("%s", g.oneOf(g.u+".Close(fd)", "_ = "+g.u+".Close(fd)", g.u+".Close(max(fd, dir))"))
	g.st("rt.Log(%q, %s.Close(dir))", g.tag("flow"), g.u)
}
