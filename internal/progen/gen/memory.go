// SPDX-License-Identifier: BSD-3-Clause

package gen

import "fmt"

// stat is where file attributes go; the type is that of package g.pk.
func (g *gen) stat() string {
	if g.pk == g.s {
		if v := g.pick(kSStat, kSStatP); v != nil && g.chance(70) {
			if v.kind == kSStat {
				return "&" + v.text
			}
			return v.text
		}
		if v := g.pick(kBox); v != nil && g.chance(50) {
			return "&" + v.text + ".sys"
		}
		return g.oneOf("&gsys", "new("+g.sys("Stat_t")+")")
	}
	n := g.IntN(100)
	switch {
	case n < 35:
		if v := g.pick(kStat); v != nil {
			return "&" + v.text
		}
	case n < 50:
		if v := g.pick(kStatP); v != nil {
			return v.text
		}
	case n < 60:
		if v := g.pick(kBox); v != nil {
			return "&" + v.text + g.oneOf(".st", ".lst")
		}
	case n < 70:
		if v := g.pick(kBoxP); v != nil {
			return "&" + v.text + g.oneOf(".st", ".lst")
		}
	case n < 80:
		if v := g.pick(kStats); v != nil {
			return "&" + v.text + g.oneOf("[0]", "[1]", "[2]")
		}
	}
	if !g.clean {
		switch g.IntN(7) {
		case 0:
			if v := g.pick(kStats, kStatSl); v != nil {
				return "&" + v.text + "[" + g.index() + "]"
			}
		case 1:
			return "&gst"
		case 2:
			return "&gbox.st"
		case 3:
			return "nil"
		case 4:
			if v := g.pick(kBoxP); v != nil {
				return "&" + v.text + ".next.st"
			}
		case 5:
			return "new(" + g.unix("Stat_t") + ")"
		case 6:
			if v := g.pick(kStat); v != nil {
				g.serial++
				return fmt.Sprintf("logged(%d, &%s)", g.serial, v.text)
			}
		}
	}
	if v := g.pick(kStat); v != nil {
		return "&" + v.text
	}
	return "&gst"
}

// index is an index that is usually in range.
func (g *gen) index() string {
	if v := g.pick(kInt); v != nil && g.chance(60) {
		return v.text + g.oneOf("", "", "&1", "%3")
	}
	return g.oneOf("0", "1", "gi", g.effect("int", "1"))
}

// buffer is memory for reading (or writing, where the content counts).
func (g *gen) buffer(in bool) string {
	n := g.IntN(100)
	switch {
	case n < 30:
		if v := g.pick(kBuf); v != nil {
			return v.text + g.oneOf("[:]", "[:]", "[2:9]", "[:5]", "[20:]")
		}
	case n < 55:
		if v := g.pick(kBytes); v != nil {
			return v.text
		}
	case n < 65:
		if v := g.pick(kBox); v != nil {
			return v.text + ".buf[:]"
		}
	case n < 75:
		if v := g.pick(kBoxP); v != nil {
			return v.text + ".buf[:]"
		}
	}
	if in && g.chance(60) {
		return g.oneOf(`[]byte("literal")`, "[]byte("+g.literal()+")", "nil")
	}
	if !g.clean {
		switch g.IntN(6) {
		case 0:
			if v := g.pick(kBytes); v != nil {
				return v.text + "[" + g.index() + ":]"
			}
		case 1:
			if v := g.pick(kBuf, kBytes); v != nil {
				return v.text + "[:" + g.integer() + "]"
			}
		case 2:
			return "gbuf"
		case 3:
			return "make([]byte, " + g.integer() + "&15)"
		case 4:
			return "gbox.buf[3:]"
		case 5:
			g.serial++
			return fmt.Sprintf("logged(%d, gbuf[:6])", g.serial)
		}
	}
	if v := g.pick(kBuf); v != nil {
		return v.text + "[:]"
	}
	return "gbuf"
}

// integer is an int expression of small size.
func (g *gen) integer() string {
	n := g.IntN(100)
	switch {
	case n < 40:
		if v := g.pick(kInt); v != nil {
			return v.text
		}
	case n < 45:
		if v := g.pick(kBytes, kStr); v != nil {
			return "len(" + v.text + ")"
		}
	case n < 52:
		if v := g.pick(kBox, kBoxP); v != nil {
			return v.text + ".n"
		}
	case n < 58:
		if v := g.pick(kI64); v != nil {
			return "int(" + v.text + ")"
		}
	}
	if !g.clean {
		switch g.IntN(8) {
		case 0:
			return g.effect("int", "2")
		case 1:
			return "gn"
		case 2:
			if v := g.pick(kInt); v != nil {
				return "9/" + v.text
			}
		case 3:
			if v := g.pick(kInts, kIntSl); v != nil {
				return v.text + "[" + g.index() + "]"
			}
		case 4:
			return "gcount()"
		case 5:
			if v := g.pick(kInt); v != nil {
				return "1<<" + v.text
			}
		case 6:
			if v := g.pick(kStat); v != nil {
				return "int(" + v.text + ".Size)"
			}
		case 7:
			return "any(gany).(int)"
		}
	}
	return g.oneOf("0", "1", "2", "3", "7")
}

// offset is an int64 expression of small size.
func (g *gen) offset() string {
	n := g.IntN(100)
	switch {
	case n < 25:
		if v := g.pick(kI64); v != nil {
			return v.text
		}
	case n < 40:
		return "int64(" + g.integer() + ")"
	case n < 48:
		if v := g.pick(kStat, kSStat); v != nil {
			return v.text + ".Size"
		}
	case n < 54:
		if v := g.pick(kBox, kBoxP); v != nil {
			return v.text + g.oneOf(".off", ".st.Size", ".off + 1")
		}
	case n < 58:
		if v := g.pick(kStats); v != nil {
			return v.text + "[1].Size"
		}
	case n < 61:
		if v := g.pick(kStatP); v != nil {
			return v.text + ".Size"
		}
	}
	if !g.clean {
		switch g.IntN(3) {
		case 0:
			return g.effect("int64", "12")
		case 1:
			return "goff"
		case 2:
			return "gst.Size"
		}
	}
	return g.oneOf("0", "1", "5", "16", "40")
}
