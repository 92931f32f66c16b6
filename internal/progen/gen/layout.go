// SPDX-License-Identifier: BSD-3-Clause

package gen

import (
	"fmt"
	"strings"
)

// layout makes text of lines. Odd layout is what no formatter leaves: several
// statements on a line, wild indentation, comments everywhere.
func (g *gen) layout(lines []line, odd bool) string {
	var b strings.Builder
	remarks := g.chance(25)
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		if strings.TrimSpace(l.text) == "" && l.depth > 0 {
			continue // a label that nothing jumps to
		}
		indent := l.depth
		if odd && g.chance(30) {
			indent = g.IntN(5)
		}
		b.WriteString(strings.Repeat("\t", indent))
		b.WriteString(l.text)
		for odd && l.simple && i+1 < len(lines) && lines[i+1].simple && lines[i+1].depth == l.depth && g.chance(40) {
			i++
			b.WriteString(g.oneOf("; ", ";", " ;  ") + lines[i].text)
		}
		if (remarks || odd) && l.depth > 0 && g.chance(12) {
			g.serial++
			fmt.Fprintf(&b, " // note %d", g.serial)
		}
		b.WriteByte('\n')
		if odd && g.chance(6) {
			b.WriteString("\n\n")
		}
		if remarks && l.simple && g.chance(8) {
			g.serial++
			fmt.Fprintf(&b, "%s// between %d\n", strings.Repeat("\t", l.depth), g.serial)
		}
	}
	return b.String()
}
