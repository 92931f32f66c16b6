// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/autobatch/autobatch/internal/effects"
)

// What batchrt knows too: the layout of a shape, and the first number that is
// free (shape_fast.go).
const (
	shapeInts  = 18
	shapeTail  = 24
	shapeNR    = 48
	nowhere    = 8 // the result's slot; register r, counted from 1, lies 8*r bytes behind it
	firstShape = 4
	maxShapes  = 512
	maxConsts  = 2
)

const fastTag = "linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname"

var fastArches = []string{"amd64", "arm64"}

// fastFiles writes the constructors of the fast build: by topic those whose
// registers are the same on both architectures, by architecture the rest and
// the table of shapes.
func fastFiles(ctors []*ctor, out map[string]string) {
	body := make(map[string]*strings.Builder)
	to := func(name string) *strings.Builder {
		if body[name] == nil {
			body[name] = new(strings.Builder)
		}
		return body[name]
	}
	for _, c := range ctors {
		x, y := c.Linux["amd64"], c.Linux["arm64"]
		if has(c.ports, "linux/amd64") && has(c.ports, "linux/arm64") &&
			reflect.DeepEqual(x.Words, y.Words) && x.Guard == y.Guard {
			to(c.Topic).WriteString(c.fast(x))
			continue
		}
		for _, arch := range fastArches {
			if has(c.ports, "linux/"+arch) {
				to(arch).WriteString(c.fast(c.Linux[arch]))
			}
		}
	}
	for _, name := range sortedKeys(body) {
		tag, file := fastTag, "batchrt/zops_fast_"+name+".go"
		if name == "amd64" || name == "arm64" {
			tag = "linux && !race && !msan && !asan && !batchrt_nolinkname"
		}
		b := body[name].String()
		out[file] = spdx + "//go:build " + tag + "\n\npackage batchrt\n\n" + imports(b) + b
	}
	shapeFiles(ctors, out)
}

// shapeFiles writes what all entries of a constructor have in common: a name
// for it, and for each architecture the table.
func shapeFiles(ctors []*ctor, out map[string]string) {
	var names strings.Builder
	names.WriteString(spdx + "//go:build " + fastTag + "\n\npackage batchrt\n\n")
	names.WriteString("// Shapes, by the function that makes the call.\nconst (\n")
	tables := make(map[string]*strings.Builder)
	for _, arch := range fastArches {
		tables[arch] = new(strings.Builder)
	}
	n := firstShape
	done := make(map[string]bool)
	for _, c := range ctors {
		if done[c.shape] || !has(c.ports, "linux/amd64") && !has(c.ports, "linux/arm64") {
			continue
		}
		done[c.shape] = true
		fmt.Fprintf(&names, "%s = ctlCall%s | %d\n", c.shape, c.flags(), n)
		for _, arch := range fastArches {
			if e, ok := c.Linux[arch]; ok {
				fmt.Fprintf(tables[arch], "%d: %s, // %s\n", n, c.shapeOf(e), c.shape[len("op"):])
			}
		}
		n++
	}
	if n > maxShapes {
		panic("more shapes than the ctl word can number")
	}
	out["batchrt/zops_fast_shapes.go"] = names.String() + ")\n"
	for _, arch := range fastArches {
		out["batchrt/zops_shapes_linux_"+arch+".go"] = spdx + "//go:build !race && !msan && !asan && !batchrt_nolinkname\n\npackage batchrt\n\n" +
			fmt.Sprintf("// shapes is described in shape_fast.go.\nvar shapes = [%d]shape{\n", maxShapes) +
			"0: {0x080808080808, 0, 0, 0},\n" +
			"shapeRaw: {0x080808080808, 0, 0, 0o654321 | 0x3f<<shapeInts},\n" +
			"shapeWdcpy: {0x080808080818 | nrWdcpy<<shapeNR, 0, 0, 0},\n" +
			"shapeConstant: {0x080808080808 | nrConst<<shapeNR, 0, 0, 0},\n" + tables[arch].String() + "}\n"
	}
}

// shapeOf writes a shape.
func (c *ctor) shapeOf(e effects.Enc) string {
	// Where p0, p1, p2, imm, c0 and c1 go.
	at := [6]uint64{nowhere, nowhere, nowhere, nowhere, nowhere, nowhere}
	var consts [maxConsts]int32
	params, ptrs, n := uint64(0), 0, 0
	for r, w := range e.Words {
		reg, place := uint64(r+1), uint64(nowhere+8*(r+1))
		switch w.Kind {
		case effects.WordConst:
			if w.Const != 0 {
				at[maxPtrs+1+n] = place
				consts[n] = int32(w.Const)
				n++
			}
		case effects.WordParam, effects.WordParam32:
			if w.Const == 0 && w.Trunc == "" {
				params |= reg<<(3*w.Param) | 1<<(shapeInts+r)
			}
		case effects.WordImm:
			at[maxPtrs] = place
		case effects.WordLen, effects.WordSockaddrLen:
		default:
			if ptrs == maxPtrs {
				params |= reg << shapeTail
			} else {
				at[ptrs] = place
			}
			ptrs++
		}
	}
	all := uint64(e.NR) << shapeNR
	for i, place := range at {
		all |= place << (8 * i)
	}
	return fmt.Sprintf("{%#x, %d, %d, %#x}", all, consts[0], consts[1], params)
}

// flags are the bits of ctl, beside the shape, that all entries have.
func (c *ctor) flags() string {
	for _, e := range c.Linux {
		if len(pointers(e)) > maxPtrs {
			return " | ctlOdd"
		}
		for _, w := range e.Words {
			if w.Kind == effects.WordImm && c.wide(w) {
				return " | ctlWide"
			}
		}
	}
	return ""
}

// wide reports whether a value that is passed by address has more than 32 bits.
func (c *ctor) wide(w effects.Word) bool {
	typ := w.Trunc
	if typ == "" {
		typ = c.params[w.Param].Type
	}
	return !map[string]bool{"int32": true, "uint32": true, "byte": true, "uint8": true, "uint16": true, "int16": true}[typ]
}

// fast writes one constructor.
func (c *ctor) fast(e effects.Enc) string {
	var (
		before, fields strings.Builder
		ctl            = []string{c.shape}
		ptrs           int
		paths          = c.strings(e)
		tail           = len(pointers(e)) > maxPtrs
		size           string // of the encoded address, which comes before its length
	)
	field := func(name, value string) { fmt.Fprintf(&fields, ", %s: %s", name, value) }
	pointer := func(value string) {
		field(fmt.Sprintf("p%d", ptrs), value)
		ptrs++
	}
	if e.Guard != "" || len(c.Given) > 0 {
		fmt.Fprintf(&before, "var bad ctl\nif %s {\nbad = ctlNoCall\n}\n", c.refused(e, func(p int) string { return c.params[p].Name }))
		ctl = append(ctl, "bad")
	}
	for r, w := range e.Words {
		var p effects.Param
		if w.Kind != effects.WordConst {
			p = c.params[w.Param]
		}
		arg := "a" + strconv.Itoa(r)
		switch w.Kind {
		case effects.WordConst:
		case effects.WordParam, effects.WordParam32:
			s := number(p.Name, w.Trunc)
			if w.Const != 0 {
				s += fmt.Sprintf(" | %#x", w.Const)
			}
			field(arg, s)
		case effects.WordPath, effects.WordPathNil:
			method, args := "path", p.Name
			switch {
			case tail && ptrs == maxPtrs:
				continue // with the one before
			case tail && ptrs == maxPtrs-1:
				method, args = "tail", p.Name+", "+paths[ptrs+1]
			case w.Kind == effects.WordPathNil:
				method = "pathNil"
			}
			v, bad := c.temporary("path", ptrs), c.temporary("bad", ptrs)
			fmt.Fprintf(&before, "%s, %s := %s.%s(%s)\n", v, bad, c.receiver(), method, args)
			ctl = append(ctl, bad)
			pointer(v)
		case effects.WordSockaddr:
			v, n, bad := c.temporary("addr", ptrs), c.temporary("size", ptrs), c.temporary("bad", ptrs)
			fmt.Fprintf(&before, "%s, %s, %s := %s.sockaddr(%s)\n", v, n, bad, c.receiver(), p.Name)
			ctl = append(ctl, bad)
			pointer(v)
			size = n
		case effects.WordSockaddrLen:
			field(arg, size)
		case effects.WordPtr:
			s := p.Name
			if p.Type != "unsafe.Pointer" {
				s = "unsafe.Pointer(" + s + ")"
			}
			pointer(s)
		case effects.WordData:
			pointer("sliceData(" + p.Name + ")")
		case effects.WordDataNil:
			pointer("sliceDataNil(" + p.Name + ")")
		case effects.WordLen:
			field(arg, "uint64(len("+p.Name+"))")
		case effects.WordImm:
			if s := number(p.Name, unsignedTrunc(w.Trunc)); c.wide(w) {
				field("a5", s)
			} else {
				ctl = append(ctl, "ctl("+strings.TrimSuffix(strings.TrimPrefix(s, "uint64("), ")")+")<<immShift")
			}
		default:
			panic(fmt.Sprintf("%s: word kind %d", c.name, w.Kind))
		}
	}
	return c.comment() + c.signature() + " {\n" + before.String() +
		"return Op{ctl: " + strings.Join(ctl, " | ") + fields.String() + "}\n}\n\n"
}

// refused is the condition under which an entry makes no call and gives EINVAL.
func (c *ctor) refused(e effects.Enc, param func(int) string) string {
	var list []string
	if e.Guard != "" {
		list = append(list, e.Guard)
	}
	for _, g := range c.Given {
		op := " != "
		if g.Not {
			op = " == "
		}
		list = append(list, param(g.Param)+op+strconv.FormatInt(g.Value, 10))
	}
	return strings.Join(list, " || ")
}

// temporary is a name that no parameter has.
func (c *ctor) temporary(name string, i int) string {
	name = fmt.Sprintf("%s%d", name, i)
	for _, p := range c.params {
		if p.Name == name {
			return "the" + name
		}
	}
	return name
}

// strings lists the parameters that are copied and terminated.
func (c *ctor) strings(e effects.Enc) (names []string) {
	for _, w := range e.Words {
		if isPath(w) {
			names = append(names, c.params[w.Param].Name)
		}
	}
	return names
}

// number converts an integer parameter to a register, by way of the type
// to which the wrapper converts it.
func number(name, trunc string) string {
	if trunc != "" {
		name = trunc + "(" + name + ")"
	}
	return "uint64(" + name + ")"
}

// unsignedTrunc makes the bytes behind a value clean: only its own are set.
func unsignedTrunc(trunc string) string {
	if trunc == "int32" {
		return "uint32"
	}
	return trunc
}

func has(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
