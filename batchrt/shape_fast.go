// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

// shape is what all entries of one constructor have in common. The table of
// shapes is generated, with a name for each: opFstat is ctlCall and the index
// of Fstat's.
type shape struct {
	// Where in an Op the three pointers, the address of imm, and the two
	// constants go, in bytes from its start, eight bits each, lowest first; 8 is
	// nowhere: the result's slot, which is written later. The upper 16 bits are the
	// call's number.
	at     uint64
	c0, c1 int32 // constant arguments

	// Registers counted from 1; 0 = none.
	//
	//	bits 0-17   registers of the Go parameters, three bits each; 0 = no plain integer
	//	bits 18-23  the registers that are plain integers, one bit each
	//	bits 24-26  register of the tail
	params uint32
}

const (
	shapeInts = 18
	shapeTail = 24

	shapeImm = 24 // shift within at
	shapeNR  = 48

	nowhere = 8
)

// Shapes that the generator does not number. 0 is the zero Op's.
const (
	shapeRaw ctl = 1 + iota
	shapeWdcpy
	shapeConstant
)
