// SPDX-License-Identifier: BSD-3-Clause

// Package gen writes random Go programs with system calls. A program follows
// from its seed alone. It compiles, ends, has no undefined behaviour, and does
// the same in every run: in a private folder that [rt.Setup] fills, it makes calls
// that mostly succeed, and logs every value and error it sees. What differs
// from run to run (process ids, inode numbers, times) is never logged.
package gen

import (
	"fmt"
	"go/format"
	"math/rand/v2"
	"slices"
	"strings"
)

// Module is the import path of the module that generated programs are part
// of; package rt lies in its folder rt.
const Module = "progen.test"

// EntryLine is the line of a program that a harness removes when it makes
// the program a package of a larger one, with Program as the function to call.
const EntryLine = "func main() { rt.Main(Program) }\n"

// gen writes one program.
type gen struct {
	*rand.Rand
	lines  []line
	scopes []*scope
	fn     *fn
	u, s   string // names of packages unix and syscall
	pk     string // the one of the current call's function

	imports  map[string]bool
	reserved map[string]bool // names that generated code relies on
	serial   int
	bound    *bound // what calls are made with here, nil for anything
	focus    string // a name that calculations prefer, "" for none
	clean    bool   // arguments that a rewriter should be able to move
	calls    int    // calls left for the current function
	depth    int    // nesting of blocks
	funcs    []*function
}

// line is one line of code. A simple statement may share its line with others.
type line struct {
	text   string
	depth  int
	simple bool
}

// fn is the function that code is being written into.
type fn struct {
	results []kind
	named   []string // names of results, "" when they have none
	loops   []*loop
	out     string // label at the end of the function, "" when there is none
	outUsed bool
	deferOK bool
}

// loop is an enclosing loop of the current function.
type loop struct {
	label    string
	used     bool
	isSwitch bool
}

// Generate writes the program of a seed: package main in one file, with a
// function Program that does everything.
func Generate(seed uint64) string {
	g := &gen{
		Rand:    rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15)),
		imports: map[string]bool{},
		u:       "unix",
		s:       "syscall",
	}
	g.names()
	g.push() // package level
	g.declarations()
	for i := range 2 + g.IntN(3) {
		g.function(i)
	}
	g.program()
	g.pop()
	return g.assemble(seed)
}

// names decides how packages are called.
func (g *gen) names() {
	switch g.IntN(12) {
	case 0:
		g.u = "u"
	case 1:
		g.u = "batchrt"
	case 2:
		g.s = "sys"
	case 3:
		g.u = "ops"
	}
	g.reserved = map[string]bool{}
	for _, n := range []string{g.u, g.s, "rt", "errors", "fmt", "os", "runtime", "strings", "sync", "unsafe", "logged",
		"printed", "pure", "wrap", "box", "next", "gcount", "gpath", "gfd", "gst", "gbox", "gsys", "gbuf", "gi", "gn",
		"goff", "gany", "gmap", "gerr", "gerrs", "gts", "gdents", "gstatx", "gmu", "gchan", "gset", "text", "len",
		"util", "filepath", "strconv", "slices", "maps", "bits", "atomic", "time", "gbool", "gerrl", "gnan", "gconf", "gstatic", "boxes", "boxps", "fact",
		"div", "at", "count", "retried", "append", "make", "cap", "min", "max", "copy", "new"} {
		g.reserved[n] = true
	}
}

func (g *gen) need(pkg string) { g.imports[pkg] = true }

// unix and sys name something of the two packages.
func (g *gen) unix(name string) string { return g.u + "." + name }
func (g *gen) sys(name string) string {
	g.need("syscall")
	return g.s + "." + name
}

func (g *gen) chance(percent int) bool { return g.IntN(100) < percent }

func (g *gen) oneOf(list ...string) string { return list[g.IntN(len(list))] }

// p writes lines of code.
func (g *gen) p(format string, args ...any) {
	for _, t := range strings.Split(fmt.Sprintf(format, args...), "\n") {
		g.lines = append(g.lines, line{text: t, depth: g.depth})
	}
}

// st writes a simple statement.
func (g *gen) st(format string, args ...any) {
	g.lines = append(g.lines, line{text: fmt.Sprintf(format, args...), depth: g.depth, simple: true})
}

// assemble puts the parts together.
func (g *gen) assemble(seed uint64) string {
	odd := g.chance(20)
	text := g.layout(g.lines, odd)

	var b strings.Builder
	b.WriteString("// SPDX-License-Identifier: BSD-3-Clause\n\n")
	fmt.Fprintf(&b, "// Program %d.\npackage main\n\n", seed)
	g.writeImports(&b, text)
	b.WriteString("\n" + EntryLine + "\n")
	b.WriteString(text)
	if odd {
		return b.String()
	}
	out, err := format.Source([]byte(b.String()))
	if err != nil {
		return b.String() // the compiler will say what is wrong
	}
	return string(out)
}

func (g *gen) writeImports(b *strings.Builder, text string) {
	var std []string
	for p := range g.imports {
		if p != "syscall" {
			std = append(std, fmt.Sprintf("%q", p))
		}
	}
	if g.imports["syscall"] {
		spec := `"syscall"`
		if g.s != "syscall" {
			spec = g.s + " " + spec
		}
		std = append(std, spec)
	}
	slices.Sort(std)
	xsys := `"golang.org/x/sys/unix"`
	if g.u != "unix" {
		xsys = g.u + " " + xsys
	}
	all := append(std, xsys, fmt.Sprintf("%q", Module+"/rt"), fmt.Sprintf("%q", Module+"/util"))
	switch g.IntN(4) {
	case 0:
		for _, s := range all {
			fmt.Fprintf(b, "import %s\n", s)
		}
	case 1:
		fmt.Fprintf(b, "import (%s)\n", strings.Join(all, "; "))
	default:
		fmt.Fprintf(b, "import (\n\t%s\n\n\t%s\n)\n", strings.Join(std, "\n\t"), strings.Join(all[len(std):], "\n\t"))
	}
}
