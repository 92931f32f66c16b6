// SPDX-License-Identifier: BSD-3-Clause

package gen

import "fmt"

// heading is how a loop goes round.
type heading struct {
	before []string // statements in front of it
	open   string
	first  []string // statements at the beginning of each round
	last   []string // and at the end
	vars   []*variable
	jump   bool // made of goto: break and continue do not belong to it
}

// named declares a name in the loop, and returns it.
func (h *heading) named(name string, k kind, fixed bool) {
	h.vars = append(h.vars, &variable{name: name, text: name, kind: k, fixed: fixed})
}

// of is the path or descriptor of an element written as x.
func (v *vector) of(x string) string {
	switch v.kind {
	case kBox, kBoxP:
		if v.fdOf() {
			return x + ".fd"
		}
		return x + ".path"
	}
	return x
}

// fdOf says whether rounds are about descriptors.
func (v *vector) fdOf() bool { return v.kind == kFd || v.bound.of["fd?"] != nil }

// head chooses how the loop goes round, and sets idx, item and elem.
func (v *vector) head() *heading {
	g := v.gen
	if (v.kind == kBox || v.kind == kBoxP) && g.chance(40) {
		v.bound.add("yes", "fd?")
	}
	var h *heading
	switch {
	case v.kind == kInt:
		h = v.counted()
	default:
		h = v.over()
	}
	if v.idx != "" {
		h.named(v.idx, kInt, true)
	}
	if v.elem != "" {
		if v.fdOf() {
			v.bound.add(v.elem, "fd")
			v.bound.add("uintptr("+v.elem+")", "fdu", "ufd")
		} else {
			v.bound.add(v.elem, "path", "path", "new", "text")
			g.focus = v.elem
		}
	}
	if v.idx != "" {
		v.bound.add("int64("+v.idx+")", "off")
		v.bound.add("0o600|uint32("+v.idx+")&7", "mode")
	}
	return h
}

// own is a fresh name that nothing hides as long as names are chosen by fresh:
// it may stand in expressions that are used in inner blocks.
func (g *gen) own(base string) string {
	name := g.fresh(base)
	for name == "err" || g.lookup(name) != nil {
		g.serial++
		name = fmt.Sprint(base, g.serial)
	}
	g.reserved[name] = true
	return name
}

// over writes a loop over the list.
func (v *vector) over() *heading {
	g := v.gen
	h := &heading{}
	l := v.list
	i := g.own("i")
	e := g.own("p")
	all := l // as a slice
	if v.array {
		all = l + "[:]"
	}
	item := func() { v.item = e; v.elem = v.of(e); h.named(e, v.kind, false) }
	index := func() { v.idx = i; v.elem = v.of(l + "[" + i + "]") }
	both := func() { v.idx = i; item() }
	k := g.IntN(24)
	if v.array && g.chance(20) {
		k = 22
	}
	switch k {
	case 0, 1, 2:
		h.open = fmt.Sprintf("for _, %s := range %s {", e, l)
		item()
	case 3, 4:
		h.open = fmt.Sprintf("for %s, %s := range %s {", i, e, l)
		both()
	case 5, 6:
		h.open = fmt.Sprintf("for %s := range %s {", i, l)
		index()
	case 7:
		h.open = fmt.Sprintf("for %s := 0; %s < len(%s); %s++ {", i, i, l, i)
		v.grows, v.steps = true, true
		index()
	case 8:
		h.open = fmt.Sprintf("for %s := 0; %s < len(%s); %s++ {", i, i, l, i)
		h.first = []string{fmt.Sprintf("%s := %s[%s]", e, l, i)}
		v.grows, v.steps = true, true
		both()
	case 9:
		h.open = fmt.Sprintf("for %s := len(%s) - 1; %s >= 0; %s-- {", i, l, i, i)
		index()
	case 10:
		h.open = fmt.Sprintf("for %s := 0; %s < len(%s); %s += 2 {", i, i, l, i)
		v.grows = true
		index()
	case 11:
		h.open = fmt.Sprintf("for %s := range len(%s) {", i, l)
		index()
	case 12:
		n := g.own("n")
		h.open = fmt.Sprintf("for %s, %s := 0, len(%s); %s < %s; %s++ {", i, n, l, i, n, i)
		h.named(n, kInt, true)
		index()
	case 13:
		g.need("slices")
		if g.chance(50) {
			h.open = fmt.Sprintf("for _, %s := range %s {", e, g.oneOf("slices.All("+all+")", "slices.Backward("+all+")"))
		} else {
			h.open = fmt.Sprintf("for %s := range slices.Values(%s) {", e, all)
		}
		item()
	case 14:
		h.open = fmt.Sprintf("for %s, %s := range util.%s(%s) {", i, e, g.oneOf("Each", "Noisy"), all)
		both()
	case 15:
		h.open = fmt.Sprintf("for %s := range util.Chan(%s) {", e, all)
		item()
	case 16:
		if v.kind != kStr && v.kind != kFd {
			h.open = fmt.Sprintf("for %s := range %s {", i, l)
			h.first = []string{fmt.Sprintf("%s := %s[%s]", e, l, i)}
			both()
			break
		}
		h.before = []string{fmt.Sprintf("var %s %s", e, g.typeName(v.kind))}
		h.open = fmt.Sprintf("for _, %s = range %s {", e, l)
		v.after = append(v.after, e)
		item()
	case 17:
		h.before = []string{i + " := 0"}
		h.open = fmt.Sprintf("for %s < len(%s) {", i, l)
		h.first = []string{fmt.Sprintf("%s := %s[%s]", e, l, i), i + "++"}
		v.after = append(v.after, i)
		v.grows = true
		both()
	case 18:
		h.open = fmt.Sprintf("for %s := 0; ; %s++ {", i, i)
		h.first = []string{fmt.Sprintf("if %s >= len(%s) {\n\tbreak\n}", i, l)}
		v.grows, v.steps = true, true
		index()
	case 19:
		todo := g.own("todo")
		h.before = []string{fmt.Sprintf("%s := %s", todo, all)}
		h.open = fmt.Sprintf("for len(%s) > 0 {", todo)
		h.first = []string{fmt.Sprintf("%s := %s[0]", e, todo), fmt.Sprintf("%s = %s[1:]", todo, todo)}
		v.after = append(v.after, "len("+todo+")")
		h.named(todo, kNoise, true)
		item()
	case 20:
		h.jump = true
		h.before = []string{i + " := 0"}
		h.open = fmt.Sprintf("if %s < len(%s) {", i, l)
		h.first = []string{fmt.Sprintf("%s := %s[%s]", e, l, i), i + "++"}
		h.last = []string{"goto LABEL"}
		v.after = append(v.after, i)
		both()
	case 21:
		h.before = []string{fmt.Sprintf("var %s int", i)}
		h.open = fmt.Sprintf("for %s = 0; %s < len(%s); %s++ {", i, i, l, i)
		v.after = append(v.after, i)
		v.grows, v.steps = true, true
		index()
	case 22:
		if !v.array {
			h.open = fmt.Sprintf("for %s, %s := range %s[:len(%s)/2] {", i, e, l, l)
			both()
			break
		}
		h.open = fmt.Sprintf("for %s := range &%s {", i, l)
		index()
	case 23:
		j := g.own("j")
		h.open = fmt.Sprintf("for %s, %s := 0, len(%s)-1; %s <= %s; %s, %s = %s+1, %s-1 {", i, j, l, i, j, i, j, i, j)
		h.named(j, kInt, true)
		v.bound.add(v.of(l+"["+j+"]"), map[bool]string{true: "fd", false: "path"}[v.fdOf()])
		index()
	}
	return h
}

// counted writes a loop without a list.
func (v *vector) counted() *heading {
	g := v.gen
	h := &heading{}
	i := g.own("i")
	n := v.n
	v.idx = i
	e := g.own("p")
	switch g.IntN(13) {
	case 0, 1:
		h.open = fmt.Sprintf("for %s := range %d {", i, n)
	case 2:
		h.open = fmt.Sprintf("for %s := 0; %s < %d; %s++ {", i, i, n, i)
		v.steps = true
	case 3:
		h.open = fmt.Sprintf("for %s := %d; %s > 0; %s-- {", i, n, i, i)
	case 4:
		// The number of rounds is fixed before the first one.
		m := g.own("m")
		h.before = []string{fmt.Sprintf("%s := %d", m, n)}
		h.open = fmt.Sprintf("for %s := range %s {", i, m)
		v.after = append(v.after, m)
		h.named(m, kInt, false)
	case 5:
		h.open = fmt.Sprintf("for range %d {", n)
		v.idx = ""
	case 6:
		h.open = fmt.Sprintf("for %s := range map[string]int{%q: 1} {", e, g.oneOf("a", "b", "none"))
		v.idx, v.item, v.elem = "", e, e
		h.named(e, kStr, false)
		return h
	case 7:
		m := g.own("byname")
		h.before = []string{fmt.Sprintf("%s := map[int]string{%d: \"b\"}", m, n)}
		h.open = fmt.Sprintf("for %s, %s := range %s {", i, e, m)
		v.item, v.elem = e, e
		h.named(e, kStr, false)
		h.first = []string{fmt.Sprintf("delete(%s, %s+1)", m, i)}
		v.after = append(v.after, "len("+m+")")
		return h
	case 8:
		h.open = fmt.Sprintf("for %s, %s := range %q {", i, e, g.oneOf("abc", "abcabcabcabcabcabc", "aéb", ""))
		v.item, v.elem = "", "string("+e+")"
		h.named(e, kNoise, false)
		return h
	case 9:
		h.open = fmt.Sprintf("for %s := %s; %s != nil; %s = %s.next {", e, g.oneOf("&gbox", "gbox.next"), e, e, e)
		v.idx, v.item, v.kind = "", e, kBoxP
		v.elem = v.of(e)
		h.named(e, kBoxP, true)
		return h
	case 10:
		h.before = []string{fmt.Sprintf("%s := %d", i, n)}
		h.open = fmt.Sprintf("for ok := true; ok; ok = %s > 0 {", i)
		h.first = []string{i + "--"}
		v.after = append(v.after, i)
	case 11:
		h.jump = true
		h.before = []string{i + " := 0"}
		h.open = fmt.Sprintf("if %s < %d {", i, n)
		h.first = []string{i + "++"}
		h.last = []string{"goto LABEL"}
		v.after = append(v.after, i)
	case 12:
		h.open = fmt.Sprintf("for %s := range len(gstatic) {", i)
	}
	if v.idx == "" {
		return h
	}
	switch g.IntN(9) {
	case 0, 1:
		v.elem = "gstatic[" + i + "%len(gstatic)]"
	case 2:
		v.elem = "gstatic[max(" + i + ", 0)]" // there are twenty
	case 3:
		g.need("strconv")
		v.elem = `"e/" + strconv.Itoa(` + i + ")"
	case 4:
		g.need("fmt")
		v.elem = fmt.Sprintf("fmt.Sprintf(\"e/%%02d\", %s)", i)
	case 5:
		v.elem = "util.Digits(" + i + ")"
	case 6:
		v.elem = "string(rune('a' + " + i + "%3))"
	case 7:
		g.need("path/filepath")
		g.need("strconv")
		v.elem = `filepath.Join("e", strconv.Itoa(` + i + "))"
	case 8:
		v.bound.add("gfd", "fd") // the same one in each round
	}
	return h
}
