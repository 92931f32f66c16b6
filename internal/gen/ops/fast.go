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
		args   []string // elements of arg
		ptrs   []string // elements of ptr
		before strings.Builder
		ctl    uint64
		extra  []string // variables or'ed into ctl
	)
	arg := func(r int, s string) { args = append(args, strconv.Itoa(r)+": "+s) }
	pointer := func(r int, s string) {
		ctl |= uint64(r+1) << (ctlPtr + 3*len(ptrs))
		ptrs = append(ptrs, s)
	}
	paths := c.copyPaths(e, &before)
	if len(paths) > 0 {
		extra = append(extra, "bad")
	}
	if e.Guard != "" {
		fmt.Fprintf(&before, "if %s {\nbad |= ctlNoCall\n}\n", e.Guard)
		if len(paths) == 0 {
			panic("guard without path: declare bad first")
		}
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
			pointer(r, paths[0])
			paths = paths[1:]
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
	b.WriteString(c.comment() + c.signature() + " {\n" + before.String() + "return Op{head: " + c.nr)
	cs := []string{}
	if ctl != 0 {
		cs = append(cs, fmt.Sprintf("%#x", ctl))
	}
	cs = append(cs, extra...)
	if len(cs) > 0 {
		b.WriteString(", ctl: " + strings.Join(cs, " | "))
	}
	if len(args) > 0 {
		b.WriteString(",\narg: [6]uint64{" + strings.Join(args, ", ") + "}")
	}
	if len(ptrs) > 0 {
		b.WriteString(",\nptr: [maxPtrs]unsafe.Pointer{" + strings.Join(ptrs, ", ") + "}")
	}
	b.WriteString("}\n}\n\n")
	return b.String()
}

// copyPaths writes the statement that copies a constructor's strings, and
// returns the names of the pointers to them.
func (c *ctor) copyPaths(e effects.Enc, b *strings.Builder) []string {
	var params []string
	optional := false
	for _, w := range e.Words {
		if isPath(w) {
			params = append(params, c.params[w.Param].Name)
			optional = w.Kind == effects.WordPathNil
		}
	}
	a := c.receiver()
	switch {
	case len(params) == 0:
		return nil
	case len(params) == 4 && optional:
		fmt.Fprintf(b, "p0, p1, p2, tail, bad := %s.put3tail(%s)\n", a, strings.Join(params, ", "))
		return []string{"p0", "p1", "p2"}
	case len(params) == 1 && optional:
		fmt.Fprintf(b, "p0, bad := %s.putNil(%s)\n", a, params[0])
		return []string{"p0"}
	case optional:
		panic(c.name + ": an optional string beside others")
	case len(params) == 1:
		fmt.Fprintf(b, "p0, bad := %s.put(%s)\n", a, params[0])
		return []string{"p0"}
	}
	names := []string{"p0", "p1", "p2"}[:len(params)]
	fmt.Fprintf(b, "%s, bad := %s.put%d(%s)\n", strings.Join(names, ", "), a, len(params), strings.Join(params, ", "))
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
