// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (amd64 || arm64) && !race && !msan && !asan && !batchrt_nolinkname

package batchrt

// shape is what all entries of one constructor have in common. The table of
// shapes is generated, with a name for each: opFstat is ctlCall and the index
// of Fstat's.
type shape struct {
	// Registers are counted from 1; 0 = none.
	//
	//	bits 0-15   the call's number
	//	bits 16-36  registers of p0, p1, p2, imm's address, c0, c1, and the tail, three bits each
	//	bits 37-54  registers of the Go parameters, three bits each; 0 = no plain integer
	//	bits 55-60  the registers that are plain integers, one bit each
	of     uint64
	c0, c1 int32 // constant arguments
}

const (
	shapePtr   = 16
	shapeImm   = 25
	shapeConst = 28
	shapeTail  = 34
	shapeParam = 37
	shapeInts  = 55
)

// Shapes that the generator does not number. 0 is the zero Op's.
const (
	shapeRaw ctl = 1 + iota
	shapeWdcpy
	shapeConstant
)
