// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"strings"
)

// shape is a way to write a strip-mined loop.
type shape struct {
	name  string
	write func(b *body, lanes int) string
}

var shapes = []shape{
	{"Lookahead", lookahead},
	{"Strip", strip},
	{"Iterator", iterator},
	{"Pointer", pointer},
}

// lookahead leaves the loop as it is: where the lanes are used up it fills new
// ones for the iterations to come. This is what batchfix writes.
func lookahead(b *body, lanes int) string {
	return b.tables(lanes) + fmt.Sprintf(`lane, lanes := 0, 0
	for i := range list {
		if lane++; lane >= lanes || !ops[%s].Ran() {
			lane, lanes = 0, 0
			%sfor _, item := range list[i:min(i+%d, len(list))] {
				%slanes++
			}
			batchrt.Run(ops[:%s])
		}
		%s}
	`, b.entry("lane", 0), b.reset(), lanes, b.fill("lanes"), b.entry("lanes", 0), b.rest("lane", "continue"))
}

// pointer is lookahead without copies of the lanes' variables: the body uses the
// lane's own.
func pointer(b *body, lanes int) string {
	return strings.ReplaceAll(lookahead(b, lanes), "st := sts[lane]", "st := &sts[lane]")
}

// strip has a loop over strips with two loops in it.
func strip(b *body, lanes int) string {
	return b.tables(lanes) + fmt.Sprintf(`for first := 0; first < len(list); {
		lanes := 0
		%sfor _, item := range list[first:min(first+%d, len(list))] {
			%slanes++
		}
		batchrt.Run(ops[:%s])
		for lane := 0; lane < lanes && (lane == 0 || ops[%s].Ran()); lane++ {
			first++
			%s}
	}
	`, b.reset(), lanes, b.fill("lanes"), b.entry("lanes", 0), b.entry("lane", 0), b.rest("lane", "continue"))
}

// iterator hides the strips in a function that is ranged over (loops.go).
func iterator(b *body, lanes int) string {
	return b.tables(lanes) + fmt.Sprintf(`for lane := range strips(len(list), %d, ops[:], func(i, lane int) {
		item := list[i]
		%s%s}) {
		%s}
	`, len(b.entries), resetFirst(b), b.fill("lane"), b.rest("lane", "continue"))
}

func resetFirst(b *body) string {
	if b.arena {
		return "if lane == 0 {\na.Reset()\n}\n"
	}
	return ""
}
