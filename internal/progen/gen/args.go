// SPDX-License-Identifier: BSD-3-Clause

package gen

import (
	"fmt"
	"strconv"
	"strings"
)

// arg writes one argument of the kind that the table names. g.pk is the
// package of the function that is called.
func (g *gen) arg(what string) string {
	if strings.HasPrefix(what, "{") {
		list := strings.Split(strings.Trim(what, "{}"), ",")
		return strings.ReplaceAll(list[g.IntN(len(list))], "U.", g.u+".")
	}
	if s := g.choose(what); s != "" {
		return s
	}
	switch what {
	case "path":
		return g.str()
	case "new":
		if g.chance(60) {
			return g.oneOf(`"n1"`, `"n2"`, `"d/n3"`, `"e/n4"`, `rt.Path("n1")`, `"n1"`)
		}
		return g.str()
	case "text":
		if g.chance(25) {
			return g.str()
		}
		return g.oneOf(`"a"`, `"d"`, `"to"`)
	case "xname":
		if g.chance(20) {
			return g.str()
		}
		return g.oneOf(`"user.k"`, `"user.k"`, `"user.other"`, `"bad"`)
	case "at":
		if g.chance(85) {
			return g.u + ".AT_FDCWD"
		}
		return g.fd()
	case "fd":
		return g.fd()
	case "fdu", "ufd":
		if fd := g.fd(); fd != "-1" {
			return "uintptr(" + fd + ")"
		}
		return "uintptr(gfd)"
	case "sock":
		if v := g.pick(kSock); v != nil && g.chance(90) {
			return v.text
		}
		return g.fd()
	case "stat":
		return g.stat()
	case "ustat":
		g.need("unsafe")
		return "uintptr(unsafe.Pointer(" + g.stat() + "))"
	case "statx":
		return g.oneOf("&gstatx", "new("+g.unix("Statx_t")+")", "&gstatx")
	case "statfs":
		return g.oneOf("new("+g.pk+".Statfs_t)", "&"+g.pk+".Statfs_t{}")
	case "rbuf":
		return g.buffer(false)
	case "wbuf":
		return g.buffer(true)
	case "dbuf":
		return g.oneOf("gdents[:]", "gdents[:]", "gdents[:100]", "nil")
	case "mode":
		if v := g.pick(kU32); v != nil && g.chance(35) {
			return v.text
		}
		if !g.clean && g.chance(20) {
			switch g.IntN(3) {
			case 0:
				return g.effect("uint32", "0o640")
			case 1:
				return "uint32(" + g.integer() + ")&0o777"
			}
			return "uint32(0o600|" + g.integer() + "&7)"
		}
		return g.oneOf("0o644", "0o600", "0o755", "0o700", "0", "0o444")
	case "oflags":
		// Never blocking, or a fifo could stop the program.
		f := g.u + ".O_NONBLOCK|" + g.u + "."
		return f + g.oneOf("O_RDONLY", "O_RDWR", "O_RDWR|"+g.u+".O_CREAT", "O_WRONLY|"+g.u+".O_CREAT|"+g.u+".O_EXCL", "O_RDONLY|"+g.u+".O_DIRECTORY", "O_RDWR|"+g.u+".O_TRUNC", "O_RDONLY|"+g.u+".O_NOFOLLOW")
	case "uid":
		if g.chance(15) {
			return g.integer()
		}
		return g.oneOf("-1", "0")
	case "off":
		return g.offset()
	case "uoff":
		return "uintptr(" + g.offset() + "&0xff)"
	case "len64":
		if g.chance(25) {
			return "int64(" + g.integer() + "&63)"
		}
		return g.oneOf("8", "64", "0")
	case "len":
		return g.oneOf("4", "1", "100")
	case "poff":
		if v := g.pick(kI64); v != nil && v.text == v.name && g.chance(50) {
			return "&" + v.name
		}
		return "nil"
	case "flock":
		return "&" + g.pk + ".Flock_t{Type: " + g.u + ".F_RDLCK}"
	case "times":
		if g.pk == g.s {
			return g.oneOf("gsysts[:]", "[]"+g.pk+".Timespec{{Sec: 5}, {Sec: 6, Nsec: 7}}")
		}
		return g.oneOf("gts[:]", "[]"+g.pk+".Timespec{{Sec: 5}, {Sec: 6, Nsec: 7}}", "[]"+g.pk+".Timespec{{Sec: 1}}", "nil", "gts[:]")
	case "ts":
		return g.oneOf("&"+g.pk+".Timespec{Nsec: 1}", "new("+g.pk+".Timespec)")
	case "tvs":
		return "[]" + g.pk + ".Timeval{{Sec: 3}, {Sec: 4}}"
	case "tv":
		return "&" + g.pk + ".Timeval{Usec: 500000}"
	case "utime":
		return "&" + g.pk + ".Utimbuf{Actime: 9, Modtime: 10}"
	case "linger":
		return "&" + g.pk + ".Linger{Onoff: 1, Linger: 2}"
	case "epoll":
		return "&" + g.pk + ".EpollEvent{Events: 1}"
	case "epolls":
		return "make([]" + g.pk + ".EpollEvent, 2)"
	}
	return what // a constant
}

// names are what paths usually are: most exist, some do not.
var names = []string{"a", "a", "b", "c", "d", "d/x", "e", "l", "m", "none", "none/y", "n1", "n2", "d/n3", "e/n4"}

func (g *gen) literal() string {
	if g.chance(3) {
		if g.chance(40) {
			g.need("strings")
			return g.oneOf(`strings.Repeat("x", 300)`, `strings.Repeat("./", 100) + "a"`)
		}
		return g.oneOf(`"a\x00b"`, `""`)
	}
	return strconv.Quote(names[g.IntN(len(names))])
}

// str is a path.
func (g *gen) str() string {
	n := g.IntN(100)
	switch {
	case n < 35:
		if v := g.pickLocal(kStr); v != nil {
			return v.text
		}
	case n < 45:
		if v := g.pickLocal(kBox); v != nil {
			return v.text + ".path"
		}
	case n < 50:
		if v := g.pickLocal(kBoxP); v != nil {
			return v.text + ".path"
		}
	case n < 54:
		return "rt.Dir + " + strconv.Quote("/"+names[g.IntN(len(names))])
	case n < 57:
		if v := g.pickLocal(kStr); v != nil {
			return v.text + ` + "x"`
		}
	}
	if g.clean || g.chance(50) {
		return g.literal()
	}
	switch g.IntN(12) {
	case 0:
		if v := g.pick(kPaths); v != nil {
			return v.text + "[" + g.index() + "]"
		}
	case 1:
		return g.effect("string", g.literal())
	case 2:
		return "gpath"
	case 3:
		if v := g.pick(kBox, kBoxP); v != nil {
			return v.text + ".name()"
		}
	case 4:
		return "rt.Path(" + g.literal() + ")"
	case 5:
		return "pure(" + g.literal() + ")"
	case 6:
		return "string([]byte(" + g.literal() + "))"
	case 7:
		return "func() string { return " + g.literal() + " }()"
	case 8:
		if v := g.pick(kBoxP); v != nil {
			return v.text + ".next.path"
		}
	case 9:
		if v := g.pick(kStr); v != nil {
			// No part of a path alone: that could be "/n3", or "/" itself, and
			// programs stay in their folders.
			return `"." + ` + v.text + "[1:]"
		}
	case 10:
		return "gmap[" + g.literal() + "]"
	case 11:
		return "gbox.path"
	}
	return g.literal()
}

// effect is a call that logs when it is evaluated.
func (g *gen) effect(typ, value string) string {
	g.serial++
	if g.chance(30) {
		return fmt.Sprintf("printed(%d, %s(%s))", g.serial, typ, value)
	}
	return fmt.Sprintf("logged(%d, %s(%s))", g.serial, typ, value)
}

func (g *gen) fd() string {
	n := g.IntN(100)
	switch {
	case n < 60:
		if v := g.pick(kFd); v != nil {
			return v.text
		}
	case n < 75:
		if v := g.pick(kBox); v != nil {
			return v.text + ".fd"
		}
	case n < 82:
		if v := g.pick(kBoxP); v != nil {
			return v.text + ".fd"
		}
	case n < 86:
		return "gfd"
	case n < 88:
		return "-1"
	case n < 91:
		if v := g.pick(kSock); v != nil {
			return v.text
		}
	}
	if !g.clean {
		switch g.IntN(5) {
		case 0:
			return g.effect("int", "gfd")
		case 1:
			return "gbox.fd"
		case 2:
			if v := g.pick(kInts); v != nil {
				return v.text + "[0]"
			}
		case 3:
			if v := g.pick(kBoxP); v != nil {
				return v.text + ".next.fd"
			}
		case 4:
			if v := g.pick(kU32); v != nil {
				return "int(" + v.text + ")"
			}
		}
	}
	if v := g.pick(kFd); v != nil {
		return v.text
	}
	return "gfd"
}
