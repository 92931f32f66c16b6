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
// reg by that entry's result. CX = ctl, R15 = the table.
#define REF(i, reg) \
	BTL	$(16+i), CX; \
	JCC	3(PC); \
	IMUL3Q	$SIZE, reg, reg; \
	MOVQ	RES(R15)(reg*1), reg

// func loop(ops *Op, pos, end int) int
//
// BX = the entry, R12 = its number, R13 = end, R15 = the table. SYSCALL
// changes AX, CX and R11 only.
TEXT ·loop(SB),NOSPLIT,$0-32
	MOVQ	ops+0(FP), R15
	MOVQ	pos+8(FP), R12
	MOVQ	end+16(FP), R13
	IMUL3Q	$SIZE, R12, BX
	ADDQ	R15, BX
	// Where the loop lies decides what of the kernel's branches the processor
	// mispredicts: SPEC.md, "Measured". Aligned, it is mostly well.
	PCALIGN	$64
entry:
	MOVL	CTL(BX), CX
	MOVWQSX	HEAD(BX), AX
	MOVQ	(ARG+0)(BX), DI
	MOVQ	(ARG+8)(BX), SI
	MOVQ	(ARG+16)(BX), DX
	MOVQ	(ARG+24)(BX), R10
	MOVQ	(ARG+32)(BX), R8
	MOVQ	(ARG+40)(BX), R9
	TESTL	$0xff0000, CX
	JNE	special
call:
	SYSCALL
	MOVQ	AX, RES(BX)
	MOVB	$1, RAN(BX)
	CMPQ	AX, $-4095
	JCC	negative
	TESTQ	AX, AX
	JEQ	zero
	MOVWQSX	JPOS(BX), CX
next:
	TESTQ	CX, CX
	JNE	jump
	ADDQ	$SIZE, BX
	INCQ	R12
	CMPQ	R12, R13
	JLT	entry
	MOVQ	R12, ret+24(FP)
	RET
negative:
	MOVWQSX	JNEG(BX), CX
	JMP	next
zero:
	MOVWQSX	JZERO(BX), CX
	JMP	next
jump:
	JLT	stop
	LEAQ	1(R12)(CX*1), R12
	CMPQ	R12, R13
	JGE	leave
	IMUL3Q	$SIZE, R12, BX
	ADDQ	R15, BX
	JMP	entry
stop:
	MOVQ	$0x7fffffffffffffff, R12
leave:
	MOVQ	R12, ret+24(FP)
	RET

special:
	REF(0, DI)
	REF(1, SI)
	REF(2, DX)
	REF(3, R10)
	REF(4, R8)
	REF(5, R9)
	// With bit 23, arg[5] is a value and not a register.
	BTL	$23, CX
	JCC	2(PC)
	XORL	R9, R9
	BTL	$22, CX
	JCC	call

	// Pseudo calls. Without bit 9 the entry is left out.
	BTL	$9, CX
	JCC	skip
	CMPQ	AX, $-2
	JEQ	wdcpy
	CMPQ	AX, $-3
	JNE	nosys
	MOVQ	DI, AX
	JMP	done
nosys:
	MOVQ	$-38, AX
	JMP	done
wdcpy:
	// Only nil can be wrong about a typed pointer.
	CMPQ	DI, $4096
	JCS	fault
	CMPQ	SI, $4096
	JCS	fault
	TESTQ	DX, DX
	JEQ	w8
	CMPQ	DX, $8
	JEQ	w8
	CMPQ	DX, $-8
	JEQ	w8
	CMPQ	DX, $4
	JEQ	w4
	CMPQ	DX, $-4
	JEQ	w4s
	CMPQ	DX, $2
	JEQ	w2
	CMPQ	DX, $-2
	JEQ	w2s
	CMPQ	DX, $1
	JEQ	w1
	CMPQ	DX, $-1
	JEQ	w1s
	MOVQ	$-22, AX
	JMP	done
w8:
	MOVQ	0(SI), AX
	JMP	put
w4:
	MOVL	0(SI), AX
	JMP	put
w4s:
	MOVLQSX	0(SI), AX
	JMP	put
w2:
	MOVWLZX	0(SI), AX
	JMP	put
w2s:
	MOVWQSX	0(SI), AX
	JMP	put
w1:
	MOVBLZX	0(SI), AX
	JMP	put
w1s:
	MOVBQSX	0(SI), AX
put:
	MOVQ	AX, 0(DI)
	MOVQ	$0, RES(BX)
	MOVB	$1, RAN(BX)
skip:
	XORL	CX, CX
	JMP	next
fault:
	MOVQ	$-14, AX
done:
	MOVQ	AX, RES(BX)
	MOVB	$1, RAN(BX)
	CMPQ	AX, $-4095
	JCC	negative
	TESTQ	AX, AX
	JEQ	zero
	MOVWQSX	JPOS(BX), CX
	JMP	next
