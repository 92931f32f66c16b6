// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"go/types"
	"regexp"
	"strings"

	"github.com/autobatch/autobatch/internal/effects"
)

// maxPtrs is how many typed pointers an entry of the fast build carries.
const maxPtrs = 3

// ctor is one constructor to write.
type ctor struct {
	*effects.Func
	name   string // of the constructor
	pkg    string // package of the function that it mirrors: "unix" or "syscall"
	params []effects.Param
	ports  []string
	shape  string // name of the constant that stands for what its entries have in common
	arena  bool   // takes a path: a method of *Arena
}

// constructors makes the list: for every possible entry the one that mirrors
// x/sys/unix, and where package syscall has types of its own another one.
func constructors(rows []*effects.Func) ([]*ctor, error) {
	var list []*ctor
	for _, f := range rows {
		if !f.Possible() {
			continue
		}
		if err := supported(f); err != nil {
			return nil, fmt.Errorf("%s: %v", f.Name, err)
		}
		c := &ctor{Func: f, name: f.Name, pkg: "unix", ports: f.Ports, shape: "op" + f.Name}
		for _, p := range f.Params {
			p.Type = qualify(p.Type)
			c.params = append(c.params, p)
			c.arena = c.arena || p.Copied()
		}
		if f.StdOnly {
			c.shape = "opSys" + f.Name
		} else {
			list = append(list, c)
		}
		if f.StdParams != nil {
			s := *c
			s.name, s.pkg, s.params, s.ports = "Sys"+f.Name, "syscall", f.StdParams, f.StdPorts
			list = append(list, &s)
		}
	}
	return list, nil
}

// supported reports what an entry cannot express.
func supported(f *effects.Func) error {
	if f.Result == effects.ResOther || f.Result == effects.ResRaw {
		return fmt.Errorf("result form %d has no accessor", f.Result)
	}
	for _, p := range f.Params {
		if p.Kind == effects.Other {
			return fmt.Errorf("parameter %s of type %s cannot be carried", p.Name, p.Type)
		}
	}
	for arch, e := range f.Linux {
		if len(e.Words) > 6 {
			return fmt.Errorf("%s: more than six registers", arch)
		}
		if e.NR < 0 || e.NR > 0x7fff {
			return fmt.Errorf("%s: call number %d", arch, e.NR)
		}
		imm, consts, addresses := 0, 0, 0
		for r, w := range e.Words {
			switch {
			case w.Kind == effects.WordImm:
				imm++
			case w.Kind == effects.WordSockaddr:
				addresses++
			case w.Kind == effects.WordConst && w.Const != 0:
				consts++
				if int64(int32(w.Const)) != int64(w.Const) {
					return fmt.Errorf("%s: the constant %#x has more than 32 bits", arch, w.Const)
				}
			case r == 0 && w.Kind == effects.WordParam && w.Param != 0:
				return fmt.Errorf("%s: argument 0 is not in the first register, but another one is: FD would take it", arch)
			}
		}
		if addresses > 1 {
			return fmt.Errorf("%s: more than one socket address", arch)
		}
		if consts > maxConsts {
			return fmt.Errorf("%s: more than %d constant arguments", arch, maxConsts)
		}
		tail := len(pointers(e)) > maxPtrs
		if imm > 1 || (imm > 0 || tail) && len(e.Words) > 5 {
			return fmt.Errorf("%s: no register is left for a value passed by address", arch)
		}
		if tail {
			ps := pointers(e)
			if len(ps) > maxPtrs+1 || imm > 0 || e.Words[ps[2]].Kind != effects.WordPath ||
				e.Words[ps[3]].Kind != effects.WordPathNil {
				return fmt.Errorf("%s: more than %d pointers, and the last are not two strings of which the second may be left out", arch, maxPtrs)
			}
		}
	}
	return nil
}

// pointers lists the registers that hold addresses of the caller's memory or
// of copied strings.
func pointers(e effects.Enc) []int {
	var rs []int
	for r, w := range e.Words {
		if isPath(w) || w.Kind == effects.WordSockaddr || w.Kind == effects.WordPtr || w.Kind == effects.WordData || w.Kind == effects.WordDataNil {
			rs = append(rs, r)
		}
	}
	return rs
}

func isPath(w effects.Word) bool {
	return w.Kind == effects.WordPath || w.Kind == effects.WordPathNil
}

var ident = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_.]*`)

// qualify writes a type that is spelled as inside package unix as it is
// spelled outside.
func qualify(typ string) string {
	return ident.ReplaceAllStringFunc(typ, func(s string) string {
		if strings.Contains(s, ".") || types.Universe.Lookup(s) != nil {
			return s
		}
		return "unix." + s
	})
}

// signature is the constructor's, receiver included.
func (c *ctor) signature() string {
	recv := ""
	if c.arena {
		recv = "(" + c.receiver() + " *Arena) "
	}
	return "func " + recv + c.name + "(" + c.paramList() + ") Op"
}

// receiver is a name that no parameter has.
func (c *ctor) receiver() string {
	for _, p := range c.params {
		if p.Name == "a" {
			return "arena"
		}
	}
	return "a"
}

func (c *ctor) paramList() string {
	var ps []string
	for i, p := range c.params {
		typ := " " + p.Type
		if i+1 < len(c.params) && c.params[i+1].Type == p.Type {
			typ = ""
		}
		ps = append(ps, p.Name+typ)
	}
	return strings.Join(ps, ", ")
}

var lineComment = regexp.MustCompile(`(?m)^//.*$`)

// imports lists what the constructors' types and bodies need.
func imports(body string) string {
	body = lineComment.ReplaceAllString(body, "")
	var b strings.Builder
	b.WriteString("import (\n")
	for _, p := range []string{"runtime", "syscall", "unsafe"} {
		if strings.Contains(body, p+".") {
			fmt.Fprintf(&b, "%q\n", p)
		}
	}
	if strings.Contains(body, "unix.") {
		b.WriteString("\n\"golang.org/x/sys/unix\"\n")
	}
	b.WriteString(")\n\n")
	if b.Len() == len("import (\n)\n\n") {
		return ""
	}
	return b.String()
}
