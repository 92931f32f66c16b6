// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"strings"

	"github.com/autobatch/autobatch/internal/effects"
)

// portableFiles writes the constructors of the portable build, one file for
// each topic and set of systems. An entry carries the function that makes its
// call, so that each system needs exactly the calls that it has.
func portableFiles(ctors []*ctor, out map[string]string) {
	all := universe(ctors)
	type key struct{ topic, tag string }
	body := make(map[key]*strings.Builder)
	var order []key
	for _, c := range ctors {
		k := key{c.Topic, constraint(c.ports, all)}
		if body[k] == nil {
			body[k] = new(strings.Builder)
			order = append(order, k)
		}
		body[k].WriteString(c.portable())
	}
	taken := make(map[string]int)
	for _, k := range order {
		name := "batchrt/zops_portable_" + k.topic
		if taken[name]++; taken[name] > 1 {
			name += fmt.Sprint(taken[name])
		}
		b := body[k].String()
		out[name+".go"] = spdx + "//go:build (" + k.tag + ") && !(" + fastTag + ")\n\npackage batchrt\n\n" + imports(b) + b
	}
}

// portable writes one constructor and the function that makes its call.
// Integer parameter i is in arg[i], a string's or slice's length too; pointers
// take the next place of ptr, a socket address too, with its type in arg[i].
func (c *ctor) portable() string {
	var args, ptrs, call []string
	before, ints := "", 0
	for i, p := range c.params {
		ptr := fmt.Sprintf("o.ptr[%d]", len(ptrs))
		switch p.Kind {
		case effects.Integer:
			ints |= 1 << i
			args = append(args, fmt.Sprintf("%d: uint64(%s)", i, p.Name))
			call = append(call, fmt.Sprintf("%s(o.arg[%d])", p.Type, i))
		case effects.Path:
			args = append(args, fmt.Sprintf("%d: uint64(len(%s))", i, p.Name))
			ptrs = append(ptrs, "unsafe.Pointer(unsafe.StringData("+p.Name+"))")
			call = append(call, fmt.Sprintf("unsafe.String((*byte)(%s), int(o.arg[%d]))", ptr, i))
		case effects.Bytes, effects.Slice:
			elem := strings.TrimPrefix(p.Type, "[]")
			args = append(args, fmt.Sprintf("%d: uint64(len(%s))", i, p.Name))
			ptrs = append(ptrs, "unsafe.Pointer(unsafe.SliceData("+p.Name+"))")
			call = append(call, fmt.Sprintf("unsafe.Slice((*%s)(%s), int(o.arg[%d]))", elem, ptr, i))
		case effects.Pointer:
			if p.Type == "unsafe.Pointer" {
				ptrs = append(ptrs, p.Name)
				call = append(call, ptr)
			} else {
				ptrs = append(ptrs, "unsafe.Pointer("+p.Name+")")
				call = append(call, fmt.Sprintf("(%s)(%s)", p.Type, ptr))
			}
		case effects.Sockaddr:
			// The value itself: the function encodes it.
			before += fmt.Sprintf("addr, kind := ofSockaddr(%s)\n", p.Name)
			args = append(args, fmt.Sprintf("%d: kind", i))
			ptrs = append(ptrs, "addr")
			call = append(call, fmt.Sprintf("asSockaddr(%s, o.arg[%d])", ptr, i))
		default:
			panic(c.name + ": parameter kind")
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s {\n%sreturn Op{call: call%s", c.comment(), c.signature(), before, c.name)
	if ints != 0 {
		fmt.Fprintf(&b, ", ints: %#x", ints)
	}
	if len(args) > 0 {
		b.WriteString(",\narg: [maxArgs]uint64{" + strings.Join(args, ", ") + "}")
	}
	if len(ptrs) > 0 {
		b.WriteString(",\nptr: [maxPtrs]unsafe.Pointer{" + strings.Join(ptrs, ", ") + "}")
	}
	f := c.pkg + "." + c.Func.Name + "(" + strings.Join(call, ", ") + ")"
	fmt.Fprintf(&b, "}\n}\n\nfunc call%s(o *Op) {\n", c.name)
	if len(c.Given) > 0 {
		// As in the fast build. Other systems have their own conditions.
		cond := c.refused(effects.Enc{}, func(p int) string { return fmt.Sprintf("%s(o.arg[%d])", c.params[p].Type, p) })
		fmt.Fprintf(&b, "if runtime.GOOS == \"linux\" && (%s) {\no.result(0, syscall.EINVAL)\nreturn\n}\n", cond)
	}
	switch c.Result {
	case effects.ResErr:
		fmt.Fprintf(&b, "o.result(0, %s)\n", f)
	case effects.ResNone:
		fmt.Fprintf(&b, "%s\no.result(0, nil)\n", f)
	case effects.ResInt:
		fmt.Fprintf(&b, "o.result(int64(%s), nil)\n", f)
	case effects.ResPtrErr:
		fmt.Fprintf(&b, "p, err := %s\no.result(int64(uintptr(p)), err)\n", f)
	default:
		fmt.Fprintf(&b, "n, err := %s\no.result(int64(n), err)\n", f)
	}
	b.WriteString("}\n\n")
	return b.String()
}
