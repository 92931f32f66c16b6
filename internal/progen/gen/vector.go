// SPDX-License-Identifier: BSD-3-Clause

package gen

import (
	"fmt"
	"slices"
	"strings"
)

// Loops whose rounds are much alike: the kind of which a rewriter may hand over
// many rounds at once, in every shape that loops have, and with what must keep
// it from doing so. heads.go writes how they go round, rounds.go what is done in
// each round, hazards.go what is out of the ordinary.

// vector is one such loop while it is written.
type vector struct {
	*gen
	n      int    // rounds if nothing ends it earlier
	kind   kind   // of what each round is about: kStr, kFd, kBox, kBoxP; kInt when it is only counted
	list   string // name of what it goes over, "" when that has none
	array  bool   // the list is an array
	idx    string // variable that tells the round, "" when there is none
	elem   string // the round's path or descriptor, "" when there is none
	item   string // variable that holds the round's element, "" when there is none
	grows  bool   // the loop looks at the list's length again in each round
	steps  bool   // the body may change idx: the loop then goes on from there
	after  []string
	posts  []string // statements after the loop
	labels *loop
	wild   bool // has a hazard
}

// bound are expressions that calls are made with here, by what an argument is
// called in the table.
type bound struct {
	of   map[string][]string
	tame bool // as little as possible that a rewriter must not move
}

func (b *bound) add(expr string, whats ...string) {
	for _, w := range whats {
		b.of[w] = append(b.of[w], expr)
	}
}

// choose is an argument of that name, "" when there is none.
func (g *gen) choose(what string) string {
	if g.bound == nil || what == "stat" && g.pk != g.u {
		return ""
	}
	if list := g.bound.of[what]; len(list) > 0 && g.chance(88) {
		return list[g.IntN(len(list))]
	}
	return ""
}

// trip is how often a loop goes round: often as many times as a batch may
// have rounds, or one more or less.
func (g *gen) trip() int {
	trips := []int{0, 1, 2, 3, 4, 5, 7, 15, 16, 16, 17, 17, 31, 32, 33, 40}
	return trips[g.IntN(len(trips))]
}

// inLoops is the number of loops around here.
func (g *gen) inLoops() int {
	n := 0
	for _, l := range g.fn.loops {
		if !l.isSwitch {
			n++
		}
	}
	return n
}

// vector writes such a loop, sometimes in a function literal or in another
// thread.
func (g *gen) vector() {
	if g.inLoops() > 1 || g.depth > 5 {
		g.step()
		return
	}
	g.calls -= 2
	calls := g.calls
	defer func() { g.calls = calls }()
	switch n := g.IntN(100); {
	case n < 8:
		g.p("func() {")
		g.inLiteral(func() { g.aVector() })
		g.p("}()")
	case n < 12:
		g.p("rt.Go(func() {")
		g.inLiteral(func() {
			g.p("defer func() { rt.Log(%q, recover()) }()", g.tag("lane"))
			g.aVector()
		})
		g.p("})()")
	case n < 35 || g.top().noDefine:
		g.p("{")
		g.block(g.aVector)
		g.p("}")
	default:
		g.aVector()
	}
}

// inLiteral writes the body of a function literal without results.
func (g *gen) inLiteral(f func()) {
	leave := g.enter()
	g.block(f)
	leave()
}

func (g *gen) aVector() {
	v := &vector{gen: g, n: g.trip()}
	if g.inLoops() > 0 {
		v.n = []int{0, 1, 2, 3, 17}[g.IntN(5)]
	}
	v.wild = g.chance(45)
	old, focus := g.bound, g.focus
	defer func() { g.bound, g.focus = old, focus }()
	g.bound = &bound{of: map[string][]string{}, tame: g.chance(75)}
	v.source()
	d := v.destinations()
	acc := v.accumulators()
	if g.chance(4) {
		v.search(acc)
	} else {
		v.loop(d, acc)
	}
	for _, s := range v.posts {
		g.p("%s", s)
	}
	g.st("rt.Log(%s)", strings.Join(append([]string{fmt.Sprintf("%q", g.tag("vec"))}, v.after...), ", "))
}

// loop writes head, body and end.
func (v *vector) loop(d *dests, acc *accs) {
	g := v.gen
	h := v.head()
	for _, s := range h.before {
		g.p("%s", s)
	}
	at := len(g.lines)
	v.labels = &loop{label: g.tag("L")}
	g.p("%s:", v.labels.label)
	if !h.jump {
		g.fn.loops = append(g.fn.loops, v.labels)
	}
	off := g.deferOff()
	g.p("%s", h.open)
	g.push()
	for _, w := range h.vars {
		g.top().vars = append(g.top().vars, w)
	}
	g.block(func() {
		for _, s := range h.first {
			g.p("%s", s)
		}
		v.body(d, acc)
		for _, s := range h.last {
			g.p("%s", strings.ReplaceAll(s, "LABEL", v.labels.label))
		}
	})
	g.pop()
	g.p("}")
	off()
	if h.jump {
		return
	}
	g.fn.loops = g.fn.loops[:len(g.fn.loops)-1]
	if !v.labels.used {
		g.lines[at].text = ""
	}
}

// source declares what the loop goes over.
func (v *vector) source() {
	g := v.gen
	n := v.n
	switch k := g.IntN(100); {
	case k < 45:
		v.kind = kStr
		v.paths()
	case k < 62:
		v.kind = kFd
		if w := g.pick(kFds); w != nil && g.chance(40) {
			v.list = w.text
			return
		}
		v.list = g.own("fds")
		bad := g.oneOf("", "", ", -1, gfd", ", gbox.fd")
		if g.chance(20) && n > 0 {
			v.array = true
			g.p("%s := [%d]int(util.Ints(%d, gfd%s))", v.list, n, n, bad)
			g.add(v.list, kNoise)
			return
		}
		g.p("%s := util.Ints(%d, gfd%s)", v.list, n, bad)
		g.add(v.list, kFds)
	case k < 72:
		v.kind = kBox
		v.list = g.own("boxed")
		g.p("%s := boxes(%d)", v.list, n)
		g.add(v.list, kNoise)
	case k < 82:
		v.kind = kBoxP
		v.list = g.own("ptrs")
		bad := n
		if v.wild {
			bad = []int{0, 1, 5, 14, 15, 16, 17}[g.IntN(7)]
		}
		g.p("%s := boxps(%d, %d)", v.list, n, bad)
		g.add(v.list, kNoise)
	default:
		v.kind = kInt
	}
}

// paths declares a list of names.
func (v *vector) paths() {
	g := v.gen
	n := v.n
	if w := g.pick(kPaths); w != nil && g.chance(35) {
		v.list = w.text
		return
	}
	v.list = g.own("ps")
	name := v.list
	switch g.IntN(10) {
	case 0, 1, 2:
		g.p("%s := util.Names(%d)", name, n)
	case 3, 4:
		bad := []int{0, 1, 3, 14, 15, 16, 20}[g.IntN(7)]
		g.p("%s := util.Mixed(%d, %d)", name, n, bad)
	case 5:
		g.p("%s := util.New(%d)", name, n)
	case 6:
		v.array = true
		g.p("%s := [%d]string(util.Names(%d))", name, n, n)
		g.add(name, kNoise)
		return
	case 7:
		g.p("%s := make([]string, 0, %d)\nfor range %d {\n\t%s = append(%s, %s)\n}", name, n, n, name, name, g.literal())
	case 8:
		g.need("strings")
		g.p("%s := strings.Fields(\"a b c d/x none e l a b\")", name)
	case 9:
		var list []string
		for range min(n, 6) {
			list = append(list, g.literal())
		}
		g.p("%s := []string{%s}", name, strings.Join(list, ", "))
	}
	g.add(name, kPaths)
}

// stepWith writes a call that is given the round's element.
func (g *gen) stepWith(whats ...string) {
	stat := g.chance(30)
	for range 200 {
		c := g.spec()
		if stat && !slices.Contains(c.args, "stat") {
			continue
		}
		if slices.ContainsFunc(c.args, func(a string) bool { return slices.Contains(whats, a) }) {
			g.stepOf(c)
			return
		}
	}
	g.step()
}

// search writes a loop that ends when a call succeeds.
func (v *vector) search(acc *accs) {
	g := v.gen
	i, found := g.own("i"), g.own("found")
	g.p("%s := -1", found)
	g.add(found, kInt)
	v.after = append(v.after, found)
	head, name := fmt.Sprintf("for %s := range %d {", i, v.n), fmt.Sprintf("gstatic[%s%%20]", i)
	if v.kind == kStr && !v.array && g.chance(60) {
		head, name = fmt.Sprintf("for %s := range %s {", i, v.list), v.list+"["+i+"]"
	}
	call := g.oneOf("Access("+name+", 2)", "Mkdir("+name+", 0o755)", "Rmdir("+name+")", "Unlink("+name+")")
	g.need("strconv")
	if g.chance(30) {
		call = fmt.Sprintf("Mkdir(\"e/\" + strconv.Itoa(%s/3), 0o700)", i)
	}
	g.p("%s", head)
	g.depth++
	switch g.IntN(4) {
	case 0:
		g.p("if %s.%s == nil {\n\t%s = %s\n\tbreak\n}", g.u, call, found, i)
	case 1:
		g.p("err := %s.%s\nif err == nil {\n\t%s = %s\n\tbreak\n}\nif err != %s.ENOENT {\n\trt.Log(%q, err)\n}", g.u, call, found, i, g.u, g.tag("search"))
	case 2:
		g.p("if err := %s.%s; err == %s.EEXIST {\n\tcontinue\n} else if err != nil {\n\t%s\n}\n%s = %s\nbreak", g.u, call, g.u, acc.fail("err"), found, i)
	case 3:
		g.p("if err := %s.%s; err != nil {\n\t%s\n\tcontinue\n}\nif %s >= 0 {\n\trt.Print(%q)\n}\n%s = %s", g.u, call, acc.fail("err"), found, g.tag("twice"), found, i)
	}
	g.depth--
	g.p("}")
}
