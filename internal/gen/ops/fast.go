// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/autobatch/autobatch/internal/effects"
)

// Shifts and bits of batchrt's ctl word (op_fast.go).
const (
	ctlImm   = 1 << 6
	ctlPtr   = 16
	ctlParam = 28
	ctlTail  = 46
)

const fastTag = "linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname"

var fastArches = []string{"amd64", "arm64"}

// fastFiles writes the constructors of the fast build: by topic those whose
// registers are the same on both architectures, by architecture the rest and
// the call numbers.
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
	for _, arch := range fastArches {
		var b strings.Builder
		b.WriteString(spdx + "//go:build !race && !msan && !asan && !batchrt_nolinkname\n\npackage batchrt\n\n")
		b.WriteString("// Call numbers, by the function that makes the call.\nconst (\n")
		done := make(map[string]bool)
		for _, c := range ctors {
			if e, ok := c.Linux[arch]; ok && !done[c.nr] {
				fmt.Fprintf(&b, "%s = %d\n", c.nr, e.NR)
				done[c.nr] = true
			}
		}
		b.WriteString(")\n")
		out["batchrt/zops_nr_linux_"+arch+".go"] = b.String()
	}
}

// fast writes one constructor.
func (c *ctor) fast(e effects.Enc) string {
	var (
		first  []string // fields of opFirst
		rest   []string // fields of opRest
		ptrs   []string // pointers of opOwn
		before strings.Builder
		ctl    uint64
		extra  []string // variables or'ed into ctl
	)
	first = append(first, "head: "+c.nr)
	arg := func(r int, s string) {
		s = "a" + strconv.Itoa(r) + ": " + s
		if r < 2 {
			first = append(first, s)
		} else {
			rest = append(rest, s)
		}
	}
	pointer := func(r int, s string) {
		ctl |= uint64(r+1) << (ctlPtr + 3*len(ptrs))
		ptrs = append(ptrs, s)
	}
	paths := c.strings(e)
	if e.Guard != "" {
		fmt.Fprintf(&before, "var bad ctl\nif %s {\nbad = ctlNoCall\n}\n", e.Guard)
		extra = append(extra, "bad")
	}
	tail := len(pointers(e)) > maxPtrs
	for r, w := range e.Words {
		var p effects.Param
		if w.Kind != effects.WordConst {
			p = c.params[w.Param]
		}
		switch w.Kind {
		case effects.WordConst:
			if w.Const != 0 {
				arg(r, fmt.Sprintf("%#x", w.Const))
			}
		case effects.WordParam, effects.WordParam32:
			s := number(p.Name, w.Trunc)
			if w.Const != 0 {
				s += fmt.Sprintf(" | %#x", w.Const)
			} else if w.Trunc == "" {
				ctl |= uint64(r+1) << (ctlParam + 3*w.Param)
			}
			arg(r, s)
		case effects.WordPath, effects.WordPathNil:
			if tail && len(ptrs) == maxPtrs {
				ctl |= uint64(r+1)<<ctlTail | ctlImm
				arg(5, "tail")
				continue
			}
			if len(ptrs) >= len(paths) {
				panic(c.name + ": a string behind another pointer")
			}
			pointer(r, "")
		case effects.WordPtr:
			s := p.Name
			if p.Type != "unsafe.Pointer" {
				s = "unsafe.Pointer(" + s + ")"
			}
			pointer(r, s)
		case effects.WordData:
			pointer(r, "sliceData("+p.Name+")")
		case effects.WordDataNil:
			pointer(r, "sliceDataNil("+p.Name+")")
		case effects.WordLen:
			arg(r, "uint64(len("+p.Name+"))")
		case effects.WordImm:
			ctl |= uint64(r+1)<<(ctlPtr+3*maxPtrs) | ctlImm
			arg(5, number(p.Name, unsignedTrunc(w.Trunc)))
		default:
			panic(fmt.Sprintf("%s: word kind %d", c.name, w.Kind))
		}
	}
	var b strings.Builder
	b.WriteString(c.comment() + c.signature() + " {\n" + before.String())
	if ctl != 0 || len(paths) > 0 {
		extra = append([]string{fmt.Sprintf("%#x", ctl)}, extra...)
	}
	own := c.own(strings.Join(extra, " | "), paths, ptrs, e, &b)
	b.WriteString("return Op{\nopFirst: opFirst{" + strings.Join(first, ", ") + "},\n")
	if len(rest) > 0 {
		b.WriteString("opRest: opRest{" + strings.Join(rest, ", ") + "},\n")
	}
	if own != "" {
		b.WriteString("opOwn: " + own + ",\n")
	}
	b.WriteString("}\n}\n\n")
	return b.String()
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

// own writes the part of an entry that is not the kernel's; what has to come
// before goes to b.
func (c *ctor) own(ctl string, paths, ptrs []string, e effects.Enc, b *strings.Builder) string {
	optional := false
	for _, w := range e.Words {
		optional = optional || w.Kind == effects.WordPathNil
	}
	// The pointers behind the strings, nil where there is none.
	rest := []string{"nil", "nil", "nil"}
	copy(rest, ptrs)
	a := c.receiver()
	switch {
	case len(paths) == 0:
		var fields []string
		if ctl != "" {
			fields = append(fields, "ctl: "+ctl)
		}
		for i, p := range ptrs {
			fields = append(fields, fmt.Sprintf("p%d: %s", i, p))
		}
		if fields == nil {
			return ""
		}
		return "opOwn{" + strings.Join(fields, ", ") + "}"
	case len(paths) == 4 && optional:
		fmt.Fprintf(b, "own, tail := %s.path4(%s, %s)\n", a, ctl, strings.Join(paths, ", "))
		return "own"
	case len(paths) == 1 && optional:
		return fmt.Sprintf("%s.pathNil(%s, %s, %s, %s)", a, ctl, paths[0], rest[1], rest[2])
	case len(paths) == 1:
		return fmt.Sprintf("%s.path(%s, %s, %s, %s)", a, ctl, paths[0], rest[1], rest[2])
	case len(paths) == 2 && !optional:
		return fmt.Sprintf("%s.path2(%s, %s, %s)", a, ctl, strings.Join(paths, ", "), rest[2])
	}
	panic(c.name + ": strings")
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
