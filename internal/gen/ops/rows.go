// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"strings"

	"github.com/autobatch/autobatch/internal/effects"
)

// rowFiles writes, for batchrt's own tests, a table of all constructors that
// exist on Linux: how to make an entry and how to make the same call plainly,
// with arguments from the same generator.
func rowFiles(ctors []*ctor, out map[string]string) {
	all := universe(ctors)
	for goos := range all {
		if goos != "linux" {
			delete(all, goos)
		}
	}
	body := make(map[string]*strings.Builder)
	var order []string
	for _, c := range ctors {
		tag := constraint(c.ports, all)
		if tag == "" {
			continue
		}
		if body[tag] == nil {
			body[tag] = new(strings.Builder)
			order = append(order, tag)
		}
		body[tag].WriteString(c.row())
	}
	for i, tag := range order {
		b := body[tag].String()
		out[fmt.Sprintf("batchrt/zops_rows%d_test.go", i+1)] = spdx + "//go:build " + tag +
			"\n\npackage batchrt\n\n" + imports(b) + "func init() {\nrows = append(rows,\n" + b + ")\n}\n"
	}
}

// row writes one line of the table.
func (c *ctor) row() string {
	var make, args []string
	for i, p := range c.params {
		v := fmt.Sprintf("v%d", i)
		args = append(args, v)
		var s string
		switch p.Kind {
		case effects.Integer:
			s = fmt.Sprintf("%s(%s)", p.Type, c.allowed(i))
		case effects.Path:
			s = "g.path()"
		case effects.Bytes, effects.Slice:
			s = fmt.Sprintf("some[%s](g)", strings.TrimPrefix(p.Type, "[]"))
		case effects.Sockaddr:
			s = "g.sockaddr()"
		case effects.Pointer:
			if p.Type == "unsafe.Pointer" {
				s = "g.pointer()"
			} else {
				s = fmt.Sprintf("maybe[%s](g)", strings.TrimPrefix(p.Type, "*"))
			}
		}
		make = append(make, v+" := "+s)
	}
	recv := ""
	if c.arena {
		recv = "a."
	}
	list := strings.Join(args, ", ")
	call := fmt.Sprintf("%s.%s(%s)", c.pkg, c.Func.Name, list)
	var plain string
	switch c.Result {
	case effects.ResErr:
		plain = "return outcome{err: " + call + "}"
	case effects.ResNone:
		plain = call + "; return outcome{}"
	case effects.ResInt:
		plain = "return outcome{n: int64(" + call + ")}"
	case effects.ResPtrErr:
		plain = "p, err := " + call + "; return outcome{n: int64(uintptr(p)), err: err}"
	default:
		plain = "n, err := " + call + "; return outcome{n: int64(n), err: err}"
	}
	return fmt.Sprintf("row{%q, %q, func(g *arguments, a *Arena) (Op, func() outcome) {\n%s\nreturn %s%s(%s), func() outcome { %s }\n}},\n",
		c.name, accessor[c.Result], strings.Join(make, "\n"), recv, c.name, list, plain)
}

// allowed is a number that the entry takes as its parameter i.
func (c *ctor) allowed(i int) string {
	for _, g := range c.Given {
		switch {
		case g.Param != i:
		case g.Not:
			return fmt.Sprintf("g.numOtherThan(%d)", g.Value)
		default:
			return fmt.Sprint(g.Value)
		}
	}
	return "g.num()"
}
