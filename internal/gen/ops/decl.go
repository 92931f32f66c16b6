// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"strings"
)

// declFile writes internal/rtdecl's table of constructors: signature and
// systems of each.
func declFile(ctors []*ctor, out map[string]string) {
	sets := make(map[string]int)
	var setList []string
	var rows strings.Builder
	for _, c := range ctors {
		k := strings.Join(c.ports, " ")
		if _, ok := sets[k]; !ok {
			sets[k] = len(setList)
			setList = append(setList, k)
		}
		fmt.Fprintf(&rows, "{%d, %q},\n", sets[k], c.signature())
	}
	var b strings.Builder
	b.WriteString(spdx + "package rtdecl\n\n// ports holds the sets of systems that decls refers to.\nvar ports = [...]string{\n")
	for _, s := range setList {
		fmt.Fprintf(&b, "%q,\n", s)
	}
	b.WriteString("}\n\n// decls holds the constructors.\nvar decls = [...]decl{\n" + rows.String() + "}\n")
	out["internal/rtdecl/decls_gen.go"] = b.String()
}
