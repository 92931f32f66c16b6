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

/**
 * batch_pseudo() - what a number that is no call of the kernel's stands for.
 * @nr: the number
 * @regs: the entry's arguments
 *
 * Return: the entry's result.
 */
s64 batch_pseudo(u16 nr, const struct pt_regs *regs)
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

/**
 * batch_refs() - put results of earlier entries in the place of arguments.
 * @call: the entry
 * @pos: its index
 * @stride: from one entry to the next
 * @nr: its number, with BATCH_REFS
 * @regs: its arguments
 * @res: the entry's result, if it turns out to make no call
 *
 * Return: the number of the call, BATCH_NR_CALLS or more if there is none.
 */
unsigned int batch_refs(const struct batch_call __user *call, u32 pos,
			u32 stride, u16 nr, struct pt_regs *regs, s64 *res)
{
	u64 calls = (unsigned long)call - (u64)pos * stride;
	unsigned int k, call_nr = nr & ((1U << BATCH_REFS_SHIFT) - 1);
	u64 arg[6] = {
		BATCH_ARG0(regs), BATCH_ARG1(regs), BATCH_ARG2(regs),
		BATCH_ARG3(regs), BATCH_ARG4(regs), BATCH_ARG5(regs),
	};

	if ((s16)nr == BATCH_NR_WDCPY || (s16)nr == BATCH_NR_CONST) {
		*res = batch_pseudo(nr, regs);
		return BATCH_NR_CALLS;
	}
	for (k = 0; k < ARRAY_SIZE(arg); k++) {
		if (!(nr >> (BATCH_REFS_SHIFT + k) & 1))
			continue;
		*res = batch_result(calls, pos, stride, arg[k], &arg[k]);
		if (*res)
			return BATCH_NR_CALLS;
	}
	BATCH_ARG0(regs) = arg[0];
	BATCH_ARG1(regs) = arg[1];
	BATCH_ARG2(regs) = arg[2];
	BATCH_ARG3(regs) = arg[3];
	BATCH_ARG4(regs) = arg[4];
	BATCH_ARG5(regs) = arg[5];
	*res = -ENOSYS;
	return call_nr;
}
