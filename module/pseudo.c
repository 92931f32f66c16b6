// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is rare about an entry's number: pseudo calls, which the module carries
 * out itself, and arguments that are results of earlier entries.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/uaccess.h>

#include "batch.h"

#define BATCH_LOAD(type, src, val) ({					\
	type __v = 0;							\
	int __err = get_user(__v, (type __user *)u64_to_user_ptr(src));	\
	(val) = __v;							\
	__err;								\
})

/**
 * batch_copy_word() - the pseudo call wdcpy.
 * @dst: user address of 8 bytes to write
 * @src: user address to read
 * @width: bytes to read, negative to extend the sign, 0 for 8
 *
 * Return: 0, -EFAULT or -EINVAL.
 */
int batch_copy_word(u64 dst, u64 src, s64 width)
{
	s64 val;
	int err;

	switch (width) {
	case 0:
	case 8:
	case -8:
		err = BATCH_LOAD(s64, src, val);
		break;
	case 4:
		err = BATCH_LOAD(u32, src, val);
		break;
	case -4:
		err = BATCH_LOAD(s32, src, val);
		break;
	case 2:
		err = BATCH_LOAD(u16, src, val);
		break;
	case -2:
		err = BATCH_LOAD(s16, src, val);
		break;
	case 1:
		err = BATCH_LOAD(u8, src, val);
		break;
	case -1:
		err = BATCH_LOAD(s8, src, val);
		break;
	default:
		return -EINVAL;
	}
	if (err)
		return err;
	return put_user(val, (s64 __user *)u64_to_user_ptr(dst));
}

/* What a number that is no call of the kernel's stands for. */
static s64 batch_pseudo(u16 nr, const struct pt_regs *regs)
{
	switch ((s16)nr) {
	case BATCH_NR_WDCPY:
		return batch_copy_word(BATCH_ARG0(regs), BATCH_ARG1(regs),
				       BATCH_ARG2(regs));
	case BATCH_NR_CONST:
		return BATCH_ARG0(regs);
	default:
		return -ENOSYS;
	}
}

static int batch_result(u64 calls, u32 pos, u32 stride, u64 index, u64 *res)
{
	const struct batch_call __user *from;

	if (index >= pos)
		return -EINVAL;
	from = u64_to_user_ptr(calls + index * stride);
	return get_user(*res, (const u64 __user *)&from->ret);
}

/* With BATCH_REFS: put results of earlier entries in the place of arguments. */
static int batch_refs(const struct batch_call __user *call, u32 pos,
		      u32 stride, unsigned int which, struct pt_regs *regs)
{
	u64 calls = (unsigned long)call - (u64)pos * stride;
	u64 arg[6] = {
		BATCH_ARG0(regs), BATCH_ARG1(regs), BATCH_ARG2(regs),
		BATCH_ARG3(regs), BATCH_ARG4(regs), BATCH_ARG5(regs),
	};
	unsigned int k;
	int err;

	for (k = 0; k < ARRAY_SIZE(arg); k++) {
		if (!(which >> k & 1))
			continue;
		err = batch_result(calls, pos, stride, arg[k], &arg[k]);
		if (err)
			return err;
	}
	BATCH_ARG0(regs) = arg[0];
	BATCH_ARG1(regs) = arg[1];
	BATCH_ARG2(regs) = arg[2];
	BATCH_ARG3(regs) = arg[3];
	BATCH_ARG4(regs) = arg[4];
	BATCH_ARG5(regs) = arg[5];
	return 0;
}

/**
 * batch_odd() - see to a number beyond the kernel's table.
 * @call: the entry
 * @nr: its number
 * @regs: its arguments
 * @at: where the request is; the entry's result is left in res, if it makes
 *	no call
 * @stride: from one entry to the next
 *
 * Return: the number of the call to make, BATCH_NR_CALLS or more for none.
 */
unsigned int batch_odd(const struct batch_call __user *call, u16 nr,
		       struct pt_regs *regs, struct batch_at *at, u32 stride)
{
	if (!(at->flags & BATCH_REFS) || (s16)nr == BATCH_NR_WDCPY ||
	    (s16)nr == BATCH_NR_CONST) {
		at->res = batch_pseudo(nr, regs);
		return BATCH_NR_CALLS;
	}
	at->res = batch_refs(call, at->pos, stride, nr >> BATCH_REFS_SHIFT,
			     regs);
	if (at->res)
		return BATCH_NR_CALLS;
	at->res = -ENOSYS;
	return nr & ((1U << BATCH_REFS_SHIFT) - 1);
}
