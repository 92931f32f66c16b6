// SPDX-License-Identifier: BSD-3-Clause

//go:build !race && !msan && !asan && !batchrt_nolinkname

#include "textflag.h"

// Offsets within Op, whose size is 96.
#define HEAD	0
#define JNEG	2
#define JZERO	4
#define JPOS	6
#define RES	8
#define ARG	16
#define CTL	80
#define RAN	83
#define SIZE	96

// REF(i, reg): if register i is a reference, replace the index of an entry in
// reg by that entry's result. R10 = ctl, R12 = the table, R14 = SIZE.
#define REF(i, reg) \
	TBZ	$(16+i), R10, 4(PC); \
	MUL	R14, reg, reg; \
	ADD	R12, reg, reg; \
	MOVD	RES(reg), reg

// func loop(ops *Op, pos, end int) int
//
// R9 = the entry, R13 = its number, R15 = end, R12 = the table, R14 = SIZE. A
// system call changes R0 only (R8 holds its number).
TEXT ·loop(SB),NOSPLIT,$0-32
	MOVD	ops+0(FP), R12
	MOVD	pos+8(FP), R13
	MOVD	end+16(FP), R15
	MOVD	$SIZE, R14
	MADD	R14, R12, R13, R9
	MOVD	$1, R17
entry:
	MOVD	CTL(R9), R10
	MOVH	HEAD(R9), R8
	LDP	(ARG+0)(R9), (R0, R1)
	LDP	(ARG+16)(R9), (R2, R3)
	LDP	(ARG+32)(R9), (R4, R5)
	MOVD	$0xff0000, R11
	TST	R11, R10
	BNE	special
call:
	SVC
done:
	MOVD	R0, RES(R9)
	MOVB	R17, RAN(R9)
	CMN	$4095, R0
	BCS	negative
	CBZ	R0, zero
	MOVH	JPOS(R9), R11
next:
	CBNZ	R11, jump
	ADD	$SIZE, R9
	ADD	$1, R13
	CMP	R15, R13
	BLT	entry
	MOVD	R13, ret+24(FP)
	RET
negative:
	MOVH	JNEG(R9), R11
	B	next
zero:
	MOVH	JZERO(R9), R11
	B	next
jump:
	TBNZ	$63, R11, stop
	ADD	R11, R13
	ADD	$1, R13
	CMP	R15, R13
	BGE	leave
	MADD	R14, R12, R13, R9
	B	entry
stop:
	MOVD	$0x7fffffffffffffff, R13
leave:
	MOVD	R13, ret+24(FP)
	RET

special:
	REF(0, R0)
	REF(1, R1)
	REF(2, R2)
	REF(3, R3)
	REF(4, R4)
	REF(5, R5)
	// With bit 23, arg[5] is a value and not a register.
	TBZ	$23, R10, 2(PC)
	MOVD	ZR, R5
	TBZ	$22, R10, call

	// Pseudo calls. Without bit 9 the entry is left out.
	TBZ	$9, R10, skip
	CMN	$3, R8
	BEQ	done
	CMN	$2, R8
	BEQ	wdcpy
	MOVD	$-38, R0
	B	done
wdcpy:
	// Only nil can be wrong about a typed pointer.
	CMP	$4096, R0
	BLO	fault
	CMP	$4096, R1
	BLO	fault
	CBZ	R2, w8
	CMP	$8, R2
	BEQ	w8
	CMN	$8, R2
	BEQ	w8
	CMP	$4, R2
	BEQ	w4
	CMN	$4, R2
	BEQ	w4s
	CMP	$2, R2
	BEQ	w2
	CMN	$2, R2
	BEQ	w2s
	CMP	$1, R2
	BEQ	w1
	CMN	$1, R2
	BEQ	w1s
	MOVD	$-22, R0
	B	done
w8:
	MOVD	(R1), R3
	B	put
w4:
	MOVWU	(R1), R3
	B	put
w4s:
	MOVW	(R1), R3
	B	put
w2:
	MOVHU	(R1), R3
	B	put
w2s:
	MOVH	(R1), R3
	B	put
w1:
	MOVBU	(R1), R3
	B	put
w1s:
	MOVB	(R1), R3
put:
	MOVD	R3, (R0)
	MOVD	ZR, RES(R9)
	MOVB	R17, RAN(R9)
skip:
	MOVD	ZR, R11
	B	next
fault:
	MOVD	$-14, R0
	B	done
